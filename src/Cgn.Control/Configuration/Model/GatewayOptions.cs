using System.Collections.Generic;

namespace Cgn.Control.Configuration.Model;

/// <summary>
/// The whole configuration file, as written; <see cref="SnapshotCompiler"/> makes of it what the forwarder follows.
/// </summary>
public sealed class GatewayOptions : ConfigSection
{
    /// <summary>The gateway as a whole.</summary>
    [Key("gateway", Required = true)]
    public GatewaySection Gateway { get; private set; } = new();

    /// <summary>The two devices.</summary>
    [Key("interfaces")]
    public InterfacesSection? Interfaces { get; private set; }

    /// <summary>DS-Lite (RFC 6333). Left out: no softwires.</summary>
    [Key("ds-lite")]
    public DsLiteSection? DsLite { get; private set; }

    /// <summary>NAT444 (RFC 6888). Left out: no translation of IPv4 customers.</summary>
    [Key("nat444")]
    public Nat444Section? Nat444 { get; private set; }

    /// <summary>The public addresses (RFC 8512 external-ip-address-pool).</summary>
    [Key("external-ip-address-pools", Required = true)]
    public IReadOnlyList<PoolSection> Pools { get; private set; } = [];

    /// <summary>How translation behaves (RFC 8512 policy).</summary>
    [Key("nat-policy")]
    public NatPolicySection NatPolicy { get; private set; } = new();

    /// <summary>What is not carried, by address.</summary>
    [Key("access-lists")]
    public AccessListsSection AccessLists { get; private set; } = new();

    /// <summary>ICMP that the gateway originates or carries.</summary>
    [Key("icmp")]
    public IcmpSection Icmp { get; private set; } = new();

    /// <summary>The PCP server (RFC 6887).</summary>
    [Key("pcp")]
    public PcpSection Pcp { get; private set; } = new();

    /// <summary>Policies that subscribers can have.</summary>
    [Key("plans")]
    public IReadOnlyList<PlanSection> Plans { get; private set; } = [];

    /// <summary>What subscribers of some plans are kept to. Left out: no plan is a walled garden.</summary>
    [Key("walled-garden")]
    public WalledGardenSection? WalledGarden { get; private set; }

    /// <summary>Who has which policy.</summary>
    [Key("subscribers")]
    public SubscribersSection Subscribers { get; private set; } = new();

    /// <summary>Tells B4s of the AFTR by DHCPv6 (RFC 6334). Left out: another server does.</summary>
    [Key("dhcpv6")]
    public Dhcpv6Section? Dhcpv6 { get; private set; }

    /// <summary>RADIUS (RFC 2865, RFC 2866, RFC 5176).</summary>
    [Key("radius")]
    public RadiusSection? Radius { get; private set; }

    /// <summary>What is recorded of blocks and sessions, and where.</summary>
    [Key("logging")]
    public LoggingSection Logging { get; private set; } = new();

    /// <summary>When the operator is warned that something runs out.</summary>
    [Key("thresholds")]
    public ThresholdsSection Thresholds { get; private set; } = new();

    /// <summary>Prometheus. Left out: no metrics are served.</summary>
    [Key("metrics")]
    public ListenSection? Metrics { get; private set; }

    /// <summary>The management interface. Left out: none is served.</summary>
    [Key("api")]
    public ApiSection? Api { get; private set; }
}
