using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;

namespace Cgn.Cli.Bench.Plot;

/// <summary>A drawing in SVG 1.1: lines, dots and text on white, in units of a pixel.</summary>
internal sealed class SvgWriter
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    private readonly XElement _root;

    /// <summary>Begins one.</summary>
    public SvgWriter(double width, double height)
    {
        Height = height;
        _root = new XElement(
            s_svg + "svg",
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(height)),
            new XAttribute("font-family", "sans-serif"),
            new XElement(
                s_svg + "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"),
                new XAttribute("fill", "#ffffff")));
    }

    /// <summary>How high it is.</summary>
    public double Height { get; }

    /// <summary>Draws a line through points.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, string colour, double width) => _root.Add(new XElement(
        s_svg + "polyline",
        new XAttribute("points", string.Join(' ', points.Select(p => $"{Number(p.X)},{Number(p.Y)}"))),
        new XAttribute("fill", "none"),
        new XAttribute("stroke", colour),
        new XAttribute("stroke-width", Number(width))));

    /// <summary>Draws a dot.</summary>
    public void Dot(double x, double y, double radius, string colour) => _root.Add(new XElement(
        s_svg + "circle",
        new XAttribute("cx", Number(x)),
        new XAttribute("cy", Number(y)),
        new XAttribute("r", Number(radius)),
        new XAttribute("fill", colour)));

    /// <summary>Writes a text.</summary>
    public void Text(double x, double y, string text, SvgAnchor anchor, double size) => _root.Add(new XElement(
        s_svg + "text",
        new XAttribute("x", Number(x)),
        new XAttribute("y", Number(y)),
        new XAttribute("text-anchor", anchor.ToString().ToLowerInvariant()),
        new XAttribute("font-size", Number(size)),
        text));

    /// <summary>The document.</summary>
    public override string ToString() => _root + Environment.NewLine;

    private static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
