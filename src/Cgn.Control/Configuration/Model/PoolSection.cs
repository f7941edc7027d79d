using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A pool of public addresses.</summary>
public sealed class PoolSection : ConfigSection
{
    /// <summary>Name of the pool in logs and metrics.</summary>
    [Key("id", Required = true)]
    public string Id { get; private set; } = "";

    /// <summary>Its addresses; no pool overlaps another (RFC 6333 section 8.1).</summary>
    [Key("external-ip-pool", Required = true)]
    public IReadOnlyList<Ipv4PrefixValue> Prefixes { get; private set; } = [];

    /// <summary>Ports that are given out.</summary>
    [Key("port-range")]
    public PortRange PortRange { get; private set; } = new(1024, 65535);

    /// <summary>Ports of a subscriber's first block. Left out: as port-set-size.</summary>
    [Key("initial-port-set-size", Min = "1", Max = "64512", Unit = "ports")]
    public int? InitialPortSetSize { get; private set; }

    /// <summary>
    /// Ports of a subscriber's further blocks; the larger of the two sizes is 1, 2, 4 ... 64 times the smaller.
    /// In deterministic mode: of an overflow block, and the least that a computed set may have.
    /// </summary>
    [Key("port-set-size", Min = "1", Max = "64512", Unit = "ports")]
    public int PortSetSize { get; private set; } = 512;

    /// <summary>How long a block stays with its subscriber when none of its ports is in use.</summary>
    [Key("port-set-timeout", Max = "7d")]
    public Duration PortSetTimeout { get; private set; } = Duration.Seconds(120);

    /// <summary>
    /// From blocks that are older than this no new port is taken, so that they drain and go back; while the
    /// subscriber may have no other, they serve on. 0s: blocks don't age.
    /// </summary>
    [Key("port-set-active-timeout", Max = "30d")]
    public Duration PortSetActiveTimeout { get; private set; }

    /// <summary>
    /// Ports held down at a time, all workers together; what is freed beyond it is free at once (RFC 6888 REQ-8).
    /// </summary>
    [Key("hold-down-max", Min = "1", Max = "1000000000", Unit = "ports")]
    [Word("unlimited", 0)]
    public uint HoldDownMax { get; private set; }

    /// <summary>Ports that nobody gets but by a static mapping.</summary>
    [Key("reserved-ports")]
    public IReadOnlyList<PortSpan> ReservedPorts { get; private set; } = [];

    /// <summary>
    /// Subscribers that draw from this pool; the longest prefix wins. A pool that neither this nor a plan nor a static
    /// subscriber names serves all others.
    /// </summary>
    [Key("match")]
    public IReadOnlyList<SubscriberMatch> Match { get; private set; } = [];

    /// <summary>The pool gives out no new block, and what it has given out lives on.</summary>
    [Key("drain")]
    public bool Drain { get; private set; }

    /// <summary>Prefixes within the pool's that give out no new block.</summary>
    [Key("drain-ip-pool")]
    public IReadOnlyList<Ipv4PrefixValue> DrainPrefixes { get; private set; } = [];

    /// <summary>
    /// Deterministic mode: how many subscribers' worth of an address's ports is kept for overflow blocks (RFC 7422's
    /// D).
    /// </summary>
    [Key("dynamic-pool-factor", Min = "0", Max = "65535", Unit = "subscribers")]
    public int DynamicPoolFactor { get; private set; }

    /// <summary>
    /// Deterministic mode: ports that a subscriber may have with its overflow blocks (RFC 7422's M).
    /// </summary>
    [Key("max-ports-per-subscriber", Min = "1", Max = "65536", Unit = "ports")]
    [Word("unlimited", 0)]
    public int MaxPortsPerSubscriber { get; private set; }

    /// <summary>When the operator is told how much of it is given out.</summary>
    [Key("notify-pool-usage")]
    public PoolUsageSection NotifyUsage { get; private set; } = new();
}
