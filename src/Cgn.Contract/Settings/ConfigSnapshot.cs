namespace Cgn.Contract.Settings;

/// <summary>
/// The whole configuration as the forwarder sees it: validated, resolved to numbers, never changed after it was
/// made. A new configuration is a new snapshot with a higher generation, taken by the workers between two turns.
/// </summary>
public sealed record ConfigSnapshot
{
    /// <summary>Counts up with every change, from 1.</summary>
    public uint Generation { get; init; } = 1;

    /// <summary>The gateway's name, as logs and metrics give it.</summary>
    public string Name { get; init; } = "cgn";

    /// <summary>The access side's device.</summary>
    public InterfaceSettings Inside { get; init; } = new("", PortDriver.Auto);

    /// <summary>The public side's device.</summary>
    public InterfaceSettings Outside { get; init; } = new("", PortDriver.Auto);

    /// <summary>
    /// Processors that the workers are bound to, one each, in the order of the shards; empty leaves it to the
    /// scheduler.
    /// </summary>
    public int[] WorkerCpus { get; init; } = [];

    /// <summary>What is no list.</summary>
    public GatewaySettings Settings { get; init; } = new();

    /// <summary>Addresses that softwires end at (RFC 6333 6.1); at most 255.</summary>
    public Ipv6PrefixSetting[] AftrAddresses { get; init; } = [];

    /// <summary>Where softwires may come from (RFC 6333 section 11).</summary>
    public Ipv6PrefixSetting[] SoftwireSources { get; init; } = [];

    /// <summary>
    /// Inner sources that a B4 may use: private and 192.0.0.0/29 (RFC 6333 section 11), and what the operator adds.
    /// </summary>
    public Ipv4PrefixSetting[] InnerSources { get; init; } = DefaultInnerSources();

    /// <summary>NAT444 customers' addresses (RFC 6598).</summary>
    public Ipv4PrefixSetting[] Nat444Sources { get; init; } = [];

    /// <summary>Pools of external addresses, disjoint.</summary>
    public PoolSettings[] Pools { get; init; } = [];

    /// <summary>Policies.</summary>
    public PlanSettings[] Plans { get; init; } = [];

    /// <summary>Subscribers named in the configuration; the longest prefix that matches wins.</summary>
    public StaticSubscriber[] StaticSubscribers { get; init; } = [];

    /// <summary>Mappings named in the configuration.</summary>
    public StaticMapping[] StaticMappings { get; init; } = [];

    /// <summary>Idle times of UDP sessions by remote port; any port stands in it once at most.</summary>
    public UdpPortTimeout[] UdpPortTimeouts { get; init; } = [];

    /// <summary>Destinations that are forwarded untranslated.</summary>
    public PassThroughRule[] PassThrough { get; init; } = [];

    /// <summary>B4s of addresses that show untranslated; disjoint, and no part of a pool.</summary>
    public PassThroughBinding[] PassThroughBindings { get; init; } = [];

    /// <summary>Where application gateways listen in; a protocol's port stands in it once at most.</summary>
    public GatewayPort[] GatewayPorts { get; init; } = [];

    /// <summary>What is not carried outbound; at most <see cref="AccessRule.Max"/>.</summary>
    public AccessRule[] InsideDeny { get; init; } = [];

    /// <summary>What is not carried inbound; at most <see cref="AccessRule.Max"/>.</summary>
    public AccessRule[] OutsideDeny { get; init; } = [];

    /// <summary>What subscribers in the walled garden reach.</summary>
    public WalledGardenSettings WalledGarden { get; init; } = new();

    /// <summary>RFC 1918 and the softwires' own 192.0.0.0/29.</summary>
    public static Ipv4PrefixSetting[] DefaultInnerSources() =>
    [
        new(0x0A000000, 8), new(0xAC100000, 12), new(0xC0A80000, 16), new(0xC0000000, 29),
    ];
}
