using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>Counters by protocol, in texts of digits.</summary>
[JsonNumberHandling(JsonNumberHandling.WriteAsString)]
public sealed record ProtocolCounters
{
    /// <summary>TCP.</summary>
    public required long Tcp { get; init; }

    /// <summary>UDP and UDP-Lite.</summary>
    public required long Udp { get; init; }

    /// <summary>ICMP queries.</summary>
    public required long Icmp { get; init; }

    /// <summary>All other protocols.</summary>
    public required long Other { get; init; }
}
