using System;

using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Fuzz.Targets.Mixtures;

/// <summary>
/// Configurations by chance: every feature with every other, and often as little room for each as possible.
/// </summary>
/// <param name="chance">Decides.</param>
internal sealed class MixtureSettings(Random chance)
{
    /// <summary>Pool addresses begin here.</summary>
    public const string Pool = "203.0.113.0";

    /// <summary>A destination that some configurations pass through.</summary>
    public const string PassedThrough = "198.51.100.200";

    /// <summary>Where bound subscribers live.</summary>
    public const string Bound = "192.0.2.64";

    private static readonly GatewayPort[] s_gatewayPorts =
    [
        new(ApplicationGateways.Ftp, 6, 21), new(ApplicationGateways.Sip, 6, 5060),
        new(ApplicationGateways.Rtsp, 6, 554), new(ApplicationGateways.Pptp, 6, 1723),
        new(ApplicationGateways.Sip, 17, 5060), new(ApplicationGateways.Tftp, 17, 69),
    ];

    /// <summary>A configuration.</summary>
    public ConfigSnapshot First()
    {
        GatewaySettings fixedOnes = new()
        {
            ShardCount = OneOf(1, 2, 4),
            Seed = (ulong)chance.Next(),
            SubscriberCapacity = OneOf(1u, 4u, 64u, 64u, 64u),
            MappingCapacity = OneOf(1u, 8u, 64u, 512u, 512u),
            SessionCapacity = OneOf(1u, 8u, 64u, 512u, 512u),
            SubscriberMaskV6 = OneOf(56, 64, 128),
            FragmentTimeout = OneOf(10u, 20u, 300u),
        };
        return Another(new ConfigSnapshot { Settings = fixedOnes }, 0);
    }

    /// <summary>Another configuration that may follow one while the gateway runs.</summary>
    /// <param name="now">The one.</param>
    /// <param name="number">Which it is.</param>
    public ConfigSnapshot Another(ConfigSnapshot now, uint number)
    {
        bool isDeterministic = chance.Next(4) == 0;
        return new ConfigSnapshot
        {
            Generation = number + 1,
            Settings = Settings(now.Settings) with
            {
                PortAllocation = isDeterministic ? PortAllocationType.Deterministic : PortAllocationType.PortSet,
            },
            AftrAddresses = [Prefix("2001:db8:ffff::1", 128), Prefix("2001:db8:ffff::2", 128)],
            SoftwireSources = [Prefix("2001:db8:100::", isDeterministic ? (byte)52 : (byte)40)],
            Nat444Sources = [new(0x64400000, isDeterministic ? (byte)27 : (byte)10)],
            Pools = Pools(isDeterministic),
            Plans = [Plan("home"), Plan("office")],
            StaticMappings = isDeterministic || Rarely() ? [] : [Static(17, 2000), Static(6, 2000), Static(6, 21)],
            UdpPortTimeouts = [new(53, 100)],
            PassThrough = Often() ? [new(new(0xC63364C8, 32), 0, 0)] : [],
            PassThroughBindings = Often() ? [new(new(0xC0000240, 26), 0x20010DB8_01000100, 2)] : [],
            GatewayPorts = s_gatewayPorts,
        };
    }

    private GatewaySettings Settings(GatewaySettings now) => now with
    {
        DefaultPlan = chance.Next(-1, 2),
        AsksUnknown = chance.Next(3) == 0,
        InsideMtu = OneOf(1540, 1500, 1280),
        OutsideMtu = OneOf(1500, 1400, 1280, 576),
        TunnelMtu = OneOf(1540, 1500, 1280),
        DfPolicy = (DfPolicy)chance.Next(2),
        Fragmentation = (FragmentationMode)chance.Next(2),
        EncapsulationLimit = OneOf(-1, 4),
        ReassemblyLimit = OneOf(1540, 9216, 65535),
        IpOptions = (IpOptionsPolicy)chance.Next(3),
        MappingType = (MappingType)OneOf(0, 0, 0, 1, 2),
        FilteringType = (FilteringType)chance.Next(3),
        UnsolicitedSyn = (UnsolicitedSyn)chance.Next(3),
        TcpWithoutSession = (TcpWithoutSession)chance.Next(2),
        RstOnTimeout = Often(),
        TcpKeepaliveProbe = Often(),
        Paired = Often(),
        SoftPaired = Often(),
        Hairpinning = !Rarely(),
        PortPreservation = Often(),
        PortParity = Often(),
        PortContiguity = Often(),
        PortsInOrder = Often(),
        MssClamp = OneOf(-1, 0, 536),
        OtherProtocols = (OtherProtocols)chance.Next(2),
        Protocols = new ProtocolRules { Sctp = Rule(), Gre = Rule(), Esp = Rule(), Ah = Rule(), IpInIp = Rule() },
        InboundRefresh = Often(),
        HoldDownTimeout = OneOf(0u, 10u, 1200u),
        HoldDownExceptions = (HoldDownExceptions)chance.Next(8),
        BlockInterimSeconds = OneOf(0u, 600u),
        IcmpErrorsPerSecond = OneOf(1, 1000),
        Icmpv6ErrorsPerSecond = OneOf(1, 1000),
        ExhaustionAnswer = (ExhaustionAnswer)chance.Next(3),
        VerifyQuotedHeader = Often(),
        SessionLogging = Often(),
        OnOverflow = (OverflowPolicy)chance.Next(2),
        SessionsPerMapping = OneOf(1, 65535, 65535),
        PinholeTimeout = OneOf(10u, 1200u),
        Pcp = new PcpSettings
        {
            Enabled = !Rarely(),
            LifetimeMin = OneOf(1u, 120u),
            LifetimeMax = OneOf(120u, 86400u),
            MappingsMax = OneOf(1, 3, 256),
            RequestsPerSecond = OneOf(1, 1000),
        },
    };

    private PoolSettings[] Pools(bool isDeterministic)
    {
        PoolSettings second = new("second", [new(0xCB007180, 30)], 1024, 65535, 256, 1200);
        if (isDeterministic)
        {
            PoolSettings computed = new("first", [new(0xCB007100, 28)], 1024, 65535, 64, 1200)
            {
                DynamicFactor = OneOf(0, 1, 8),
                PortsMax = OneOf(0, 128, 2000),
            };
            return [computed];
        }

        (int size, int initial) = OneOf((64, 0), (64, 256), (512, 64), (1, 0), (1, 16));
        PoolSettings first = new("first", [new(0xCB007100, (byte)OneOf(28, 30, 32))], 1024, 65535, size, 1200)
        {
            InitialPortSetSize = initial,
            PortSetActiveTimeout = OneOf(0u, 100u),
            HoldDownMax = OneOf(0u, 1u),
            ReservedPorts = Often() ? [new(1030, 1035), new(5060, 5060)] : [],
        };
        return chance.Next(4) switch
        {
            0 => [first],
            1 => [second, first],
            2 => [second, first with { Drain = first.Prefixes }],
            _ => [first with { LastPort = 2047 }, second with { Match = [new(0x20010DB8_01000100, 0, 56)] }],
        };
    }

    private PlanSettings Plan(string name) =>
        new(name, OneOf(0ul, 0ul, 8_000ul), OneOf(0ul, 0ul, 8_000ul), OneOf(1, 2, 8), OneOf(0u, 0u, 10u), 0)
        {
            PortLimit = OneOf(0u, 0u, 2u, 20u),
            PortQuotaUdp = OneOf(0u, 3u),
            MappingLimit = OneOf(0u, 5u),
            ConnectionRateBurst = 0,
            Gateways = (ApplicationGateways)OneOf(31, 31, chance.Next(32)),
        };

    private StaticMapping Static(byte protocol, ushort port) => Often()
        ? new(0x20010DB8_01000100, 0, true, protocol, 0xC0A80102, port, 0xCB007100, port)
        : new(0, 0x64400001, false, protocol, 0x64400001, port, 0xCB007100, port);

    private ProtocolRule Rule() => (ProtocolRule)chance.Next(3);

    private bool Often() => chance.Next(2) == 0;

    private bool Rarely() => chance.Next(8) == 0;

    private T OneOf<T>(params ReadOnlySpan<T> choices) => choices[chance.Next(choices.Length)];

    private static Ipv6PrefixSetting Prefix(string address, byte length)
    {
        Ipv6Address parsed = Ipv6Address.Parse(address);
        return new Ipv6PrefixSetting(parsed.High, parsed.Low, length);
    }
}
