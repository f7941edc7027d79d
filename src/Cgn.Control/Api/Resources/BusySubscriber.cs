namespace Cgn.Control.Api.Resources;

/// <summary>A subscriber and what it carries now.</summary>
public sealed record BusySubscriber
{
    /// <summary>The B4's prefix, or the NAT444 customer's IPv4 address.</summary>
    public required string Subscriber { get; init; }

    /// <summary>Its plan; pending or refused while it has none.</summary>
    public string? Plan { get; init; }

    /// <summary>Bits of IPv4 a second towards the Internet.</summary>
    public required double BitsUp { get; init; }

    /// <summary>Bits of IPv4 a second towards the subscriber.</summary>
    public required double BitsDown { get; init; }

    /// <summary>Sessions now.</summary>
    public required uint SessionCount { get; init; }
}
