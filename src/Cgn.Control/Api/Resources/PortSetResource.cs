namespace Cgn.Control.Api.Resources;

/// <summary>A port block that is given out (RFC 8512 port-set).</summary>
public sealed record PortSetResource
{
    /// <summary>Its public address.</summary>
    public required string ExternalIpAddress { get; init; }

    /// <summary>First port.</summary>
    public required int StartPortNumber { get; init; }

    /// <summary>Last port.</summary>
    public required int EndPortNumber { get; init; }

    /// <summary>Pool that it is of.</summary>
    public string? Pool { get; init; }

    /// <summary>Who has it.</summary>
    public required string Subscriber { get; init; }

    /// <summary>ds-lite or nat444.</summary>
    public required string Kind { get; init; }

    /// <summary>Since when.</summary>
    public required string Allocated { get; init; }

    /// <summary>Ports taken, held ones included.</summary>
    public required PortCounts PortsTaken { get; init; }

    /// <summary>Shard that serves it.</summary>
    public required int Shard { get; init; }
}
