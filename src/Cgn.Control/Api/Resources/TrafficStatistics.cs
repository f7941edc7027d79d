using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>
/// What was carried (RFC 8512 traffic-statistics), in texts of digits, as RFC 7951 section 6.1 writes 64-bit numbers.
/// </summary>
[JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
public sealed record TrafficStatistics
{
    /// <summary>IPv4 packets towards the Internet.</summary>
    public required ulong SentPackets { get; init; }

    /// <summary>Their bytes, from the IPv4 header.</summary>
    public required ulong SentBytes { get; init; }

    /// <summary>IPv4 packets towards the inside.</summary>
    public required ulong RcvdPackets { get; init; }

    /// <summary>Their bytes.</summary>
    public required ulong RcvdBytes { get; init; }
}
