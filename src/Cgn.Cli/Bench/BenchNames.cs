using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Cli.Bench;

/// <summary>Scenarios and directions as the command line and the JSON output name them.</summary>
internal static class BenchNames
{
    // The first name of a scenario is the one that is written, those behind it are taken too.
    private static readonly (string Name, BenchScenario Scenario)[] s_scenarios =
    [
        ("ds-lite", BenchScenario.DsLite),
        ("nat444", BenchScenario.Nat444),
        ("mixed", BenchScenario.Mixed),
        ("hairpin", BenchScenario.Hairpin),
        ("setup", BenchScenario.Setup),
        ("setup-storm", BenchScenario.Setup),
        ("fragments", BenchScenario.Fragments),
        ("outer-fragments", BenchScenario.OuterFragments),
        ("port-scan", BenchScenario.PortScan),
        ("scan", BenchScenario.PortScan),
    ];

    private static readonly (string Name, BenchDirection Direction)[] s_directions =
        [("out", BenchDirection.Out), ("in", BenchDirection.In), ("both", BenchDirection.Both)];

    /// <summary>All scenarios, each once.</summary>
    public static IEnumerable<string> Scenarios => s_scenarios.DistinctBy(pair => pair.Scenario).Select(p => p.Name);

    /// <summary>All directions.</summary>
    public static IEnumerable<string> Directions => s_directions.Select(pair => pair.Name);

    /// <summary>The scenario of a name.</summary>
    public static bool TryScenario(string name, out BenchScenario scenario)
    {
        int at = Array.FindIndex(s_scenarios, pair => IsSame(pair.Name, name));
        scenario = at < 0 ? default : s_scenarios[at].Scenario;
        return at >= 0;
    }

    /// <summary>The direction of a name.</summary>
    public static bool TryDirection(string name, out BenchDirection direction)
    {
        int at = Array.FindIndex(s_directions, pair => IsSame(pair.Name, name));
        direction = at < 0 ? default : s_directions[at].Direction;
        return at >= 0;
    }

    /// <summary>The name of a scenario.</summary>
    public static string Of(BenchScenario scenario) => s_scenarios.First(pair => pair.Scenario == scenario).Name;

    /// <summary>The name of a direction.</summary>
    public static string Of(BenchDirection direction) => s_directions.First(pair => pair.Direction == direction).Name;

    private static bool IsSame(string name, string text) =>
        string.Equals(name, text, StringComparison.OrdinalIgnoreCase);
}
