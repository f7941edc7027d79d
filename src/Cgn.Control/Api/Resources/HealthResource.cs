namespace Cgn.Control.Api.Resources;

/// <summary>How the gateway is.</summary>
public sealed record HealthResource
{
    /// <summary>ready; or no-forwarder while none forwards.</summary>
    public required string Status { get; init; }

    /// <summary>The gateway's name.</summary>
    public required string Name { get; init; }

    /// <summary>Configuration in force.</summary>
    public uint? Generation { get; init; }

    /// <summary>When the forwarder started.</summary>
    public string? Started { get; init; }

    /// <summary>Seconds since its last sign of life.</summary>
    public double? HeartbeatAgeSeconds { get; init; }

    /// <summary>Times that a forwarder died and was started again.</summary>
    public required long Restarts { get; init; }

    /// <summary>Attempts to use the API with a wrong token.</summary>
    public required long RefusedAttempts { get; init; }
}
