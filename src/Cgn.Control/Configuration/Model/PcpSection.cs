using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>
/// The PCP server (RFC 6887): hosts ask for mappings at UDP port 5351 of 192.0.0.1 in their softwire, NAT444 customers
/// at the address of icmp source-inside.
/// </summary>
public sealed class PcpSection : ConfigSection
{
    /// <summary>Requests are answered.</summary>
    [Key("enabled")]
    public bool Enabled { get; private set; } = true;

    /// <summary>MAP: hosts may ask to be reached from outside (RFC 6887 section 11).</summary>
    [Key("map")]
    public bool Map { get; private set; } = true;

    /// <summary>PEER: hosts may ask for their connections to be kept (RFC 6887 section 12).</summary>
    [Key("peer")]
    public bool Peer { get; private set; } = true;

    /// <summary>Shortest lifetime that is granted (RFC 6887 section 15).</summary>
    [Key("lifetime-min", Min = "1s", Max = "1d")]
    public Duration LifetimeMin { get; private set; } = Duration.Seconds(120);

    /// <summary>Longest lifetime that is granted; not below lifetime-min.</summary>
    [Key("lifetime-max", Min = "1s", Max = "30d")]
    public Duration LifetimeMax { get; private set; } = Duration.Seconds(86400);

    /// <summary>Explicit mappings that one subscriber may have, those of gateways among them.</summary>
    [Key("mappings-per-subscriber", Min = "0", Max = "65535")]
    public int MappingsPerSubscriber { get; private set; } = 256;

    /// <summary>Requests that a worker answers a second; more are dropped and counted.</summary>
    [Key("requests-per-second", Min = "1/s")]
    public EventRate RequestsPerSecond { get; private set; } = new(1000);
}
