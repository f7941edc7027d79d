namespace Cgn.Control.Api.Resources;

/// <summary>External ports and identifiers by protocol.</summary>
public sealed record PortCounts
{
    /// <summary>TCP.</summary>
    public required long Tcp { get; init; }

    /// <summary>UDP and UDP-Lite.</summary>
    public required long Udp { get; init; }

    /// <summary>ICMP query identifiers.</summary>
    public required long Icmp { get; init; }

    /// <summary>All other protocols.</summary>
    public required long Other { get; init; }
}
