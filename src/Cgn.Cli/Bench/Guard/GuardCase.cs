namespace Cgn.Cli.Bench.Guard;

/// <summary>A case that the guard measures.</summary>
/// <param name="Name">In the baseline.</param>
/// <param name="Case">The traffic.</param>
internal sealed record GuardCase(string Name, BenchCase Case)
{
    /// <summary>
    /// Both kinds of subscribers, where everything lies in the caches and arithmetic counts, and where memory counts.
    /// </summary>
    /// <param name="windowMs">How long each loop runs in a round.</param>
    public static GuardCase[] All(int windowMs) =>
    [
        Of("ds-lite 1k", BenchScenario.DsLite, 1_000, windowMs),
        Of("ds-lite 1M", BenchScenario.DsLite, 1_000_000, windowMs),
        Of("nat444 1k", BenchScenario.Nat444, 1_000, windowMs),
        Of("nat444 1M", BenchScenario.Nat444, 1_000_000, windowMs),
    ];

    private static GuardCase Of(string name, BenchScenario scenario, uint sessions, int windowMs) => new(
        name,
        new BenchCase(
            scenario, BenchDirection.Both, sessions, sessions / BenchOptions.SessionsPerSubscriber,
            FrameMix.Parse("64")!, Workers: 1, windowMs));
}
