using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Api.Resources;

/// <summary>A public endpoint that belongs to an internal one for good.</summary>
public sealed record StaticMappingResource
{
    /// <summary>Whose.</summary>
    public required string Subscriber { get; init; }

    /// <summary>tcp, udp or icmp.</summary>
    public required string Protocol { get; init; }

    /// <summary>Internal address and port.</summary>
    public required string Internal { get; init; }

    /// <summary>External address and port.</summary>
    public required string External { get; init; }

    /// <summary>
    /// Where it comes from: configuration, or api when it was made at run time, or radius when a session holds it.
    /// </summary>
    public required string Origin { get; init; }

    /// <summary>It is in force.</summary>
    public required bool InForce { get; init; }

    /// <summary>Why it is not; null where it is.</summary>
    public string? Fault { get; init; }

    internal static StaticMappingResource Of(StaticMappingSection mapping, string origin, string? fault) => new()
    {
        Subscriber = mapping.Subscriber.ToString(),
        Protocol = Word(mapping.Protocol),
        Internal = mapping.Internal.ToString(),
        External = mapping.External.ToString(),
        Origin = origin,
        InForce = fault is null,
        Fault = fault,
    };

    internal static string Word(StaticProtocol protocol) => protocol.ToString().ToLowerInvariant();
}
