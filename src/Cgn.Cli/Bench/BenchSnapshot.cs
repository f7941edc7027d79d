using System;
using System.Collections.Generic;
using System.Numerics;

using Cgn.Contract;
using Cgn.Contract.Settings;

namespace Cgn.Cli.Bench;

/// <summary>
/// The configuration of a run: capacities that the sessions just fill, external addresses for a fourth more blocks than
/// are needed, and every
/// limit in force but set where it does not bite.
/// </summary>
internal static class BenchSnapshot
{
    /// <summary>Ports a block.</summary>
    public const int BlockPorts = 512;

    // The whole range that RFC 6335 leaves to users, and what is below it but for the well-known ports.
    private const ushort FirstPort = 1024;
    private const ushort LastPort = 65535;
    private const uint BlocksPerAddress = (LastPort + 1 - FirstPort) / BlockPorts;

    // The benchmarking network of RFC 2544.
    private const uint PoolNetwork = 0xC6120000;
    private const int PoolBits = 17;

    private const ulong RateBits = 1_000_000_000_000;
    private const int BlocksMax = 64;
    private const uint SessionsMax = 65535;
    private const uint SetupsPerSecond = 1_000_000_000;

    /// <summary>Makes it.</summary>
    public static ConfigSnapshot Make(BenchCase benchCase) => new()
    {
        Settings = Settings(benchCase),
        AftrAddresses = [new Ipv6PrefixSetting(Population.AftrHigh, Population.AftrLow, 128)],
        SoftwireSources = [new Ipv6PrefixSetting(Population.B4Prefix, 0, 32)],
        Nat444Sources = [new Ipv4PrefixSetting(Population.CustomerPrefix, 10)],
        Pools =
        [
            new PoolSettings("bench", Addresses(benchCase), FirstPort, LastPort, BlockPorts, 600 * Tick.PerSecond),
        ],
        Plans = [new PlanSettings("bench", RateBits, RateBits, BlocksMax, SessionsMax, SetupsPerSecond)],
    };

    /// <summary>Sessions that fit: as many as a subscriber's blocks have ports.</summary>
    public static uint SessionsPerSubscriberMax => BlocksMax * BlockPorts;

    private static GatewaySettings Settings(BenchCase benchCase)
    {
        GatewaySettings settings = new()
        {
            ShardCount = benchCase.Workers,
            SubscriberMaskV6 = 56,
            DefaultPlan = 0,
            SessionLogging = benchCase.LogsSessions,
            // Longer than any run: traffic in one direction alone must not let sessions expire under way.
            UdpTimeout = 3600 * Tick.PerSecond,
        };
        (uint subscribers, uint sessions) = new Population(benchCase).MostOfAWorker(settings.Seed);
        settings.SubscriberCapacity = Capacity(benchCase.Subscribers, subscribers, benchCase.Workers);
        settings.MappingCapacity = Capacity(benchCase.Sessions, sessions, benchCase.Workers);
        settings.SessionCapacity = settings.MappingCapacity * (benchCase.SessionCapacity / benchCase.Sessions);
        return settings;
    }

    // A shard has room for its part and a tenth more; few are dealt out less evenly than that.
    private static uint Capacity(uint all, uint mostOfAWorker, int workers) =>
        Math.Max(all, (uint)((((ulong)mostOfAWorker * (ulong)workers * 10) + 10) / 11));

    // A prefix for each bit of the number of addresses, the largest first, so that each begins where it must.
    private static Ipv4PrefixSetting[] Addresses(BenchCase benchCase)
    {
        uint perSubscriber = (benchCase.Sessions + benchCase.Subscribers - 1) / benchCase.Subscribers;
        ulong blocks = (ulong)benchCase.Subscribers * ((perSubscriber + BlockPorts - 1) / BlockPorts);
        uint addresses = (uint)Math.Max(4, (blocks * 5 / 4 / BlocksPerAddress) + 1);
        if (addresses > 1u << PoolBits)
            throw new BenchException(
                $"{blocks} port blocks need {addresses} external addresses; there are {1 << PoolBits}");
        List<Ipv4PrefixSetting> prefixes = [];
        uint at = PoolNetwork;
        for (uint left = addresses; left != 0; left &= ~(1u << BitOperations.Log2(left)))
        {
            int bits = BitOperations.Log2(left);
            prefixes.Add(new Ipv4PrefixSetting(at, (byte)(32 - bits)));
            at += 1u << bits;
        }

        return [.. prefixes];
    }
}
