using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A policy that subscribers can have.</summary>
public sealed class PlanSection : ConfigSection
{
    /// <summary>Name of the plan.</summary>
    [Key("id", Required = true)]
    public string Id { get; private set; } = "";

    /// <summary>IPv4 towards the subscriber. Left out: unlimited.</summary>
    [Key("rate-down")]
    public BitRate RateDown { get; private set; }

    /// <summary>IPv4 towards the Internet. Left out: unlimited.</summary>
    [Key("rate-up")]
    public BitRate RateUp { get; private set; }

    /// <summary>How much a rate may be exceeded for a moment, in time of the rate.</summary>
    [Key("burst", Min = "1ms", Max = "10s")]
    public Duration Burst { get; private set; } = new(50);

    /// <summary>Port blocks a subscriber (RFC 6888 REQ-4).</summary>
    [Key("max-port-sets", Min = "1", Max = "64", Unit = "blocks")]
    public int MaxPortSets { get; private set; } = 4;

    /// <summary>Sessions a subscriber (RFC 6888 REQ-5). Left out: unlimited.</summary>
    [Key("connection-limit", Min = "1", Max = "4000000000", Unit = "sessions")]
    [Word("unlimited", 0)]
    public uint ConnectionLimit { get; private set; }

    /// <summary>Pool that subscribers of this plan draw from. Left out: the plan does not say.</summary>
    [Key("pool")]
    public string? Pool { get; private set; }

    /// <summary>New sessions a second (RFC 6888 REQ-4c). Left out: unlimited.</summary>
    [Key("connection-rate-limit")]
    public EventRate ConnectionRateLimit { get; private set; }

    /// <summary>
    /// New sessions that may come at once. Left out: as many as in one second of connection-rate-limit.
    /// </summary>
    [Key("connection-rate-burst", Min = "1", Max = "1000000000", Unit = "sessions")]
    public uint? ConnectionRateBurst { get; private set; }

    /// <summary>
    /// External ports that a subscriber may have in use, all protocols together (RFC 6888 REQ-4). Left out: what its
    /// blocks hold.
    /// </summary>
    [Key("port-limit", Min = "1", Max = "4000000000", Unit = "ports")]
    [Word("unlimited", 0)]
    public uint PortLimit { get; private set; }

    /// <summary>The same for each protocol by itself (RFC 8512 port-quota).</summary>
    [Key("port-quota")]
    public PortQuotaSection PortQuota { get; private set; } = new();

    /// <summary>Mappings a subscriber, held ones included (RFC 6888 REQ-5). Left out: unlimited.</summary>
    [Key("mapping-limit", Min = "1", Max = "4000000000", Unit = "mappings")]
    [Word("unlimited", 0)]
    public uint MappingLimit { get; private set; }

    /// <summary>Ports that the plan's subscribers never get, beside those of the pool.</summary>
    [Key("reserved-ports")]
    public IReadOnlyList<PortSpan> ReservedPorts { get; private set; } = [];

    /// <summary>Application gateways for its subscribers. Left out: as nat-policy.algs says.</summary>
    [Key("algs")]
    [Choices("ftp", "sip", "rtsp", "pptp", "tftp")]
    public IReadOnlyList<AlgName>? Algs { get; private set; }

    /// <summary>Its subscribers reach only what the section walled-garden allows.</summary>
    [Key("walled-garden")]
    public bool WalledGarden { get; private set; }

    /// <summary>Ports in use of a subscriber at which the operator is told (RFC 7659).</summary>
    [Key("port-threshold", Min = "1", Max = "4000000000", Unit = "ports")]
    [Word("off", 0)]
    public uint PortThreshold { get; private set; }

    /// <summary>Sessions of a subscriber at which the operator is told (RFC 7870).</summary>
    [Key("connection-threshold", Min = "1", Max = "4000000000", Unit = "sessions")]
    [Word("off", 0)]
    public uint ConnectionThreshold { get; private set; }
}
