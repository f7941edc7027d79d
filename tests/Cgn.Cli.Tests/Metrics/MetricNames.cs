using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

using Cgn.Control.Radius;

using Prometheus;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>Names of metrics: those that the gateway tells, and those that a text asks for.</summary>
internal static partial class MetricNames
{
    private static readonly string[] s_histogramParts = ["_bucket", "_count", "_sum"];

    // Their values are the gateway's own words.
    private static readonly string[] s_closedLabels =
    [
        "access", "answer", "change", "direction", "kind", "outcome", "purpose", "reason", "resource", "side", "state",
    ];

    /// <summary>What a gateway tells, with the families of RADIUS, which are there where it is configured.</summary>
    public static async Task<string> PageAsync()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        CollectorRegistry registry = Prometheus.Metrics.NewCustomRegistry();
        RadiusMetrics.Create(Prometheus.Metrics.WithCustomRegistry(registry));
        using MemoryStream radius = new();
        await registry.CollectAndExportAsTextAsync(radius);
        return await gateway.PageAsync() + Encoding.UTF8.GetString(radius.ToArray());
    }

    /// <summary>All series' names.</summary>
    public static HashSet<string> Of(string page)
    {
        HashSet<string> names = [];
        foreach ((string name, string type) in ExpositionTests.Types(page))
        {
            if (type == "histogram")
                names.UnionWith(s_histogramParts.Select(part => name + part));
            else
                names.Add(name);
        }

        return names;
    }

    /// <summary>The names in a text.</summary>
    public static IEnumerable<string> In(string text) =>
        Name().Matches(text).Select(static match => match.Value).Distinct();

    /// <summary>
    /// The series in a text by what they are about, each as its name and one label with a value that is written out;
    /// labels that name machines or things in a configuration are left out.
    /// </summary>
    public static IEnumerable<string> Labelled(string text) =>
        from series in Series().Matches(text)
        from label in Label().Matches(series.Groups[2].Value)
        where s_closedLabels.Contains(label.Groups[1].Value)
        from value in label.Groups[2].Value.Split('|')
        select $"{series.Groups[1].Value}{{{label.Groups[1].Value}=\"{value}\"}}";

    [GeneratedRegex(@"\b(cgn_[a-z0-9_]+)\{([^}]*)\}")]
    private static partial Regex Series();

    [GeneratedRegex(@"(\w+)=~?\\?""([a-z0-9_|]+)\\?""")]
    private static partial Regex Label();

    [GeneratedRegex(@"\bcgn_[a-z0-9_]+")]
    private static partial Regex Name();
}
