namespace Cgn.Control.Api.Resources;

/// <summary>Ports from one to another (RFC 8512 port-number).</summary>
public sealed record PortSpanResource
{
    /// <summary>First.</summary>
    public required int StartPortNumber { get; init; }

    /// <summary>Last.</summary>
    public required int EndPortNumber { get; init; }
}
