namespace Cgn.Control.Api.Resources;

/// <summary>
/// External ports that a subscriber may have in use, by protocol; what has no limit is left out, and 0 is none at all.
/// </summary>
public sealed record PortQuotaResource
{
    /// <summary>TCP ports.</summary>
    public uint? Tcp { get; init; }

    /// <summary>UDP ports.</summary>
    public uint? Udp { get; init; }

    /// <summary>ICMP query identifiers.</summary>
    public uint? Icmp { get; init; }

    /// <summary>Mappings of all other protocols.</summary>
    public uint? Other { get; init; }
}
