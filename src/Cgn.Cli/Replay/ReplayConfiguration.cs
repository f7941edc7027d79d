using System;
using System.Numerics;

using Cgn.Contract.Settings;

namespace Cgn.Cli.Replay;

/// <summary>
/// The configuration of a replay that was given none: room for everything in the capture, packets of any size, and no
/// limit that a plan could have. The segment size is clamped, since that is part of what a gateway does to packets.
/// </summary>
internal static class ReplayConfiguration
{
    /// <summary>Port blocks that no subscriber runs out of.</summary>
    internal const int AmplePortSets = 64;

    private const int LargestMtu = 65535;
    private const int MssCeiling = 1400;
    private const int FirstPort = 1024;
    private const int PoolAddressesMax = 4096;

    private static readonly Ipv4PrefixSetting[] s_documentation =
    [
        new(0xCB007100, 24), new(0xC6336400, 24), new(0xC0000200, 24),
    ];

    /// <summary>Makes it.</summary>
    /// <param name="identities">Who shares external addresses: subscribers, or in NAT444 all their hosts.</param>
    /// <param name="endpoints">Internal endpoints of one of them, at most.</param>
    /// <param name="flows">Flows of one subscriber.</param>
    /// <param name="subscribers">Simulated subscribers.</param>
    /// <param name="workers">Workers.</param>
    /// <exception cref="CommandException">More subscribers than the pools have ports for.</exception>
    internal static ConfigSnapshot Make(int identities, int endpoints, int flows, int subscribers, int workers)
    {
        int portSetSize = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)(endpoints / 8)), 64u, 4096u);
        long blocks = (long)identities * ((endpoints * 3 / 2 / portSetSize) + 2);
        int blocksAnAddress = (ushort.MaxValue + 1 - FirstPort) / portSetSize;
        // A subscriber's blocks lie on one address and in one shard, so addresses can't be used to the full.
        long addresses = 4 * ((blocks / blocksAnAddress) + 1) * workers;
        return new ConfigSnapshot
        {
            Settings = new GatewaySettings
            {
                Seed = 1,
                ShardCount = workers,
                SubscriberCapacity = Capacity(identities),
                MappingCapacity = Capacity((long)endpoints * identities),
                SessionCapacity = Capacity((long)flows * subscribers),
                InsideMtu = LargestMtu,
                OutsideMtu = LargestMtu,
                TunnelMtu = LargestMtu,
                MssClamp = MssCeiling,
                DefaultPlan = 0,
                // What a capture holds is to come through, wanted by operators or not.
                Protocols = new ProtocolRules
                {
                    Sctp = ProtocolRule.AddressOnly,
                    Ah = ProtocolRule.AddressOnly,
                    IpInIp = ProtocolRule.AddressOnly,
                },
            },
            AftrAddresses = [new Ipv6PrefixSetting(0x2001_0DB8_FFFF_0000, 1, 128)],
            SoftwireSources = [new Ipv6PrefixSetting(0x2001_0DB8_0100_0000, 0, 32 + 8)],
            Nat444Sources = [new Ipv4PrefixSetting(0x6440_0000, 10)],
            Pools =
            [
                new PoolSettings(
                    "replay", Prefixes(addresses, identities), FirstPort, ushort.MaxValue, portSetSize, 1200),
            ],
            Plans = [new PlanSettings("unlimited", 0, 0, AmplePortSets, 0, 0)],
        };
    }

    // Twice what is needed in each shard, since subscribers don't spread evenly, and something for small captures.
    private static uint Capacity(long needed) => (uint)Math.Min((needed * 3) + 16384, 400_000_000);

    private static Ipv4PrefixSetting[] Prefixes(long addresses, int identities)
    {
        if (addresses <= 256)
            return s_documentation[..1];
        if (addresses <= 768)
            return s_documentation;
        if (addresses > PoolAddressesMax)
        {
            throw new CommandException($"replay: {identities} internal hosts need {addresses} external addresses; "
                + $"{PoolAddressesMax} can be had without --config, so fewer --subscribers, or a --config "
                + "with larger pools, would be right");
        }

        int hostBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)addresses));
        return [new Ipv4PrefixSetting(0x1900_0000, (byte)(32 - hostBits))];
    }
}
