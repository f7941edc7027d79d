namespace Cgn.Control.Api.Resources;

/// <summary>
/// External ports that a subscriber may have in use, by protocol; 0 is no limit, and where none was granted at all it
/// is left out.
/// </summary>
public sealed record PortQuotaResource
{
    /// <summary>TCP ports.</summary>
    public required uint? Tcp { get; init; }

    /// <summary>UDP ports.</summary>
    public required uint? Udp { get; init; }

    /// <summary>ICMP query identifiers.</summary>
    public required uint? Icmp { get; init; }

    /// <summary>Mappings of all other protocols.</summary>
    public required uint Other { get; init; }
}
