using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

using Cgn.Control.Radius;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>Names of metrics: those that the gateway tells, and those that a text asks for.</summary>
internal static partial class MetricNames
{
    private static readonly string[] s_histogramParts = ["_bucket", "_count", "_sum"];

    /// <summary>All series' names; RADIUS has one for each of its counters, where it is configured.</summary>
    public static async Task<HashSet<string>> OfGatewayAsync()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        HashSet<string> names = [];
        foreach ((string name, string type) in ExpositionTests.Types(await gateway.PageAsync()))
        {
            if (type == "histogram")
                names.UnionWith(s_histogramParts.Select(part => name + part));
            else
                names.Add(name);
        }

        names.UnionWith(Enum.GetValues<RadiusCounter>().Select(static counter =>
            $"cgn_radius_{JsonNamingPolicy.SnakeCaseLower.ConvertName(counter.ToString())}_total"));
        return names;
    }

    /// <summary>The names in a text.</summary>
    public static IEnumerable<string> In(string text) =>
        Name().Matches(text).Select(static match => match.Value).Distinct();

    [GeneratedRegex(@"\bcgn_[a-z0-9_]+")]
    private static partial Regex Name();
}
