using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Cli.Bench;

/// <summary>Scenarios and directions as the command line and the JSON output name them.</summary>
internal static class BenchNames
{
    private static readonly Dictionary<string, BenchScenario> s_scenarios = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ds-lite"] = BenchScenario.DsLite,
        ["nat444"] = BenchScenario.Nat444,
        ["mixed"] = BenchScenario.Mixed,
        ["hairpin"] = BenchScenario.Hairpin,
        ["setup"] = BenchScenario.Setup,
    };

    private static readonly Dictionary<string, BenchDirection> s_directions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["out"] = BenchDirection.Out,
        ["in"] = BenchDirection.In,
        ["both"] = BenchDirection.Both,
    };

    /// <summary>All scenarios.</summary>
    public static IEnumerable<string> Scenarios => s_scenarios.Keys;

    /// <summary>All directions.</summary>
    public static IEnumerable<string> Directions => s_directions.Keys;

    /// <summary>The scenario of a name.</summary>
    public static bool TryScenario(string name, out BenchScenario scenario) =>
        s_scenarios.TryGetValue(name, out scenario);

    /// <summary>The direction of a name.</summary>
    public static bool TryDirection(string name, out BenchDirection direction) =>
        s_directions.TryGetValue(name, out direction);

    /// <summary>The name of a scenario.</summary>
    public static string Of(BenchScenario scenario) => s_scenarios.First(pair => pair.Value == scenario).Key;

    /// <summary>The name of a direction.</summary>
    public static string Of(BenchDirection direction) => s_directions.First(pair => pair.Value == direction).Key;
}
