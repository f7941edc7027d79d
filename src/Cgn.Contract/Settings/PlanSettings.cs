namespace Cgn.Contract.Settings;

/// <summary>A policy of subscribers. A limit of 0 means none.</summary>
/// <param name="Name">The plan's id in the configuration.</param>
/// <param name="RateDown">Towards the subscriber, in bits of IPv4 a second.</param>
/// <param name="RateUp">Towards the Internet, in bits of IPv4 a second.</param>
/// <param name="MaxPortSets">Port blocks a subscriber, 1 to 64.</param>
/// <param name="ConnectionLimit">Sessions a subscriber.</param>
/// <param name="ConnectionRateLimit">New sessions a second.</param>
public sealed record PlanSettings(
    string Name, ulong RateDown, ulong RateUp, int MaxPortSets, uint ConnectionLimit, uint ConnectionRateLimit)
{
    /// <summary>How much a rate bucket holds, in milliseconds of the rate.</summary>
    public int BurstMs { get; init; } = 50;
}
