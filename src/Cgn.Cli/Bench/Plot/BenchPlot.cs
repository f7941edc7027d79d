using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Cgn.Cli.Bench.Plot;

/// <summary>
/// Draws throughput: along the bottom what was varied most (sessions, frame size or workers), a line for each
/// combination of the rest.
/// </summary>
internal static class BenchPlot
{
    private const double Left = 70;
    private const double Top = 50;
    private const double Width = 560;
    private const double Height = 340;
    private const double LegendStep = 20;
    private const double PointRadius = 4;

    // Told apart by those who see no red or no green, too.
    private static readonly string[] s_colours =
        ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999933"];

    private static readonly (string Name, Func<BenchResult, string> Of)[] s_axes =
    [
        ("sessions", r => r.Sessions.ToString("n0", CultureInfo.InvariantCulture)),
        ("frame", r => r.Frame),
        ("workers", r => r.Workers.ToString(CultureInfo.InvariantCulture)),
        ("scenario", r => r.Scenario),
        ("direction", r => r.Direction),
        ("arrives", r => r.Misdirected ? "wrong worker" : "right worker"),
    ];

    /// <summary>Draws results.</summary>
    /// <returns>An SVG document.</returns>
    public static string Draw(IReadOnlyList<BenchResult> results)
    {
        // Of those that can lie along the bottom, the one with the most values; the first of equals.
        var along = s_axes[..3].MaxBy(axis => results.Select(axis.Of).Distinct().Count());
        string[] places = [.. results.Select(along.Of).Distinct()];
        (string Name, BenchResult[] Points)[] lines =
        [
            .. results.GroupBy(result => Rest(result, along.Name, results))
                .Select(group => (group.Key, group.ToArray())),
        ];
        double highest = NiceAbove(results.Select(result => result.Mpps).DefaultIfEmpty(1).Max());
        SvgWriter svg = new(Left + Width + 40, Top + Height + 90 + (LegendStep * lines.Length));
        svg.Text(Left, 26, "Million packets a second, the benchmark's own time taken out", SvgAnchor.Start, 15);
        DrawAxes(svg, places, along.Name, highest);
        for (int i = 0; i < lines.Length; i++)
        {
            string colour = s_colours[i % s_colours.Length];
            (double X, double Y)[] points =
            [
                .. lines[i].Points.Select(point =>
                    (XOf(Array.IndexOf(places, along.Of(point)), places.Length), YOf(point.Mpps, highest))),
            ];
            svg.Line(points, colour, 2);
            foreach ((double x, double y) in points)
                svg.Dot(x, y, PointRadius, colour);
            double at = Top + Height + 70 + (i * LegendStep);
            svg.Dot(Left + PointRadius, at - PointRadius, PointRadius, colour);
            svg.Text(Left + 16, at, lines[i].Name, SvgAnchor.Start, 12);
        }

        if (results.Count != 0)
            svg.Text(Left, svg.Height - 8, results[0].Machine, SvgAnchor.Start, 9);
        return svg.ToString();
    }

    private static void DrawAxes(SvgWriter svg, string[] places, string name, double highest)
    {
        const int Steps = 5;
        for (int step = 0; step <= Steps; step++)
        {
            double value = highest * step / Steps;
            double y = YOf(value, highest);
            svg.Line([(Left, y), (Left + Width, y)], step == 0 ? "#000000" : "#d0d0d0", 1);
            svg.Text(Left - 8, y + 4, value.ToString("0.##", CultureInfo.InvariantCulture), SvgAnchor.End, 12);
        }

        for (int i = 0; i < places.Length; i++)
            svg.Text(XOf(i, places.Length), Top + Height + 18, places[i], SvgAnchor.Middle, 12);
        svg.Text(Left + (Width / 2), Top + Height + 40, name, SvgAnchor.Middle, 12);
    }

    // What tells a line from the others: what was varied, but for what lies along the bottom.
    private static string Rest(BenchResult result, string along, IReadOnlyList<BenchResult> results)
    {
        string[] varied =
        [
            .. s_axes.Where(axis => axis.Name != along && results.Select(axis.Of).Distinct().Count() > 1)
                .Select(axis => axis.Name is "scenario" or "direction" or "arrives"
                    ? axis.Of(result)
                    : $"{axis.Name} {axis.Of(result)}"),
        ];
        return varied.Length == 0 ? result.Scenario : string.Join(", ", varied);
    }

    private static double XOf(int place, int places) => Left + (Width * (place + 0.5) / places);

    private static double YOf(double value, double highest) => Top + (Height * (1 - (value / highest)));

    // 1, 2, 2.5 or 5 times a power of ten, not below the value.
    private static double NiceAbove(double value)
    {
        if (value is not (> 0 and < double.PositiveInfinity))
            return 1;
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 2.5, 5, 10 }.First(factor => factor * unit >= value) * unit;
    }
}
