using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Cgn.Cli.Lab.Testing;

/// <summary>One reading of a Prometheus text page: every series with its value.</summary>
public sealed class LabMetrics
{
    private readonly List<(string Series, double Value)> _values;

    private LabMetrics(List<(string Series, double Value)> values) => _values = values;

    /// <summary>Reads the text format, version 0.0.4; lines that are no series are left out.</summary>
    public static LabMetrics Parse(string page)
    {
        List<(string Series, double Value)> values = [];
        foreach (string line in page.Split('\n'))
        {
            int space = line.LastIndexOf(' ');
            if (space <= 0 || line[0] == '#')
                continue;
            if (double.TryParse(line.AsSpan(space + 1), CultureInfo.InvariantCulture, out double value))
                values.Add((line[..space], value));
        }

        return new LabMetrics(values);
    }

    /// <summary>The sum over all series of a family; null when there is none.</summary>
    public double? Sum(string family)
    {
        double[] found = [.. Series(family).Select(series => series.Value)];
        return found.Length == 0 ? null : found.Sum();
    }

    /// <summary>The series of a family with one label that are not zero, as `value count`, largest first.</summary>
    public IEnumerable<string> NonZero(string family) => Series(family)
        .Where(series => series.Value != 0)
        .OrderByDescending(series => series.Value)
        .Select(series => $"{LabelOf(series.Series)} {series.Value}");

    /// <summary>What the series of a family have grown by since another reading, as `value growth`.</summary>
    public IEnumerable<string> Since(LabMetrics before, string family)
    {
        Dictionary<string, double> then = before.Series(family).ToDictionary(one => one.Series, one => one.Value);
        return Series(family)
            .Select(series => (series.Series, Growth: series.Value - then.GetValueOrDefault(series.Series)))
            .Where(series => series.Growth != 0)
            .Select(series => $"{LabelOf(series.Series)} {series.Growth}");
    }

    /// <summary>What stands between the quotation marks.</summary>
    private static string LabelOf(string series) => series.Split('"') is [_, string label, ..] ? label : series;

    private IEnumerable<(string Series, double Value)> Series(string family) => _values.Where(value =>
        value.Series.StartsWith(family, StringComparison.Ordinal)
        && (value.Series.Length == family.Length || value.Series[family.Length] == '{'));
}
