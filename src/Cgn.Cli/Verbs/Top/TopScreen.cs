using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Verbs.Output;
using Cgn.Control.State.Listings;

using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cgn.Cli.Verbs.Top;

/// <summary>Shows a <see cref="TopView"/>: as text, as JSON, or again and again on a terminal.</summary>
internal static class TopScreen
{
    private const string RateEnd = "_per_second";
    private const int DropsMax = 8;
    private const int KeyPollMs = 50;
    private static readonly string[] s_units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];

    /// <summary>Prints once, for people.</summary>
    public static void Text(TopView view, TextWriter to)
    {
        foreach ((string name, Listing table) in view.Tables)
        {
            to.WriteLine($"{name}:");
            ListingWriter.Text(ForPeople(table), int.MaxValue, to, isTerminal: false);
            to.WriteLine();
        }
    }

    /// <summary>Prints once, for programs: one object.</summary>
    public static void Json(TopView view, TextWriter to)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("seconds", Math.Round(view.Seconds, 3));
            foreach ((string name, Listing table) in view.Tables)
            {
                json.WritePropertyName(name);
                ListingWriter.Json(table, int.MaxValue, json);
            }

            json.WriteEndObject();
        }

        to.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    /// <summary>Shows it again and again until q, Escape or Ctrl-C.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="title">What it is of.</param>
    /// <param name="look">Looks; takes as long as a screen stands.</param>
    /// <param name="wantsToEnd">Whether somebody has pressed a key to end it.</param>
    public static void Live(
        IAnsiConsole console, string title, Func<CancellationToken, TopView> look, Func<bool> wantsToEnd)
    {
        using var end = new CancellationTokenSource();
        // On a small terminal the upper part is shown, where the rates are.
        LiveDisplay display = console.Live(new Markup("[grey]looking ...[/]")).AutoClear(true)
            .Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom);
        console.AlternateScreen(() => display.Start(live =>
        {
            while (true)
            {
                Task<TopView> looking = Task.Run(() => look(end.Token));
                while (!looking.Wait(KeyPollMs))
                {
                    if (!wantsToEnd())
                        continue;
                    end.Cancel();
                    // What it waited for is of no interest any more.
                    looking.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
                    return;
                }

                live.UpdateTarget(Screen(title, looking.Result));
            }
        }));
    }

    internal static IRenderable Screen(string title, TopView view)
    {
        IRenderable Part(string name, int most) => new Rows(
            new Markup($"[bold]{name}[/]"),
            ListingWriter.Table(ForPeople(view.Tables.First(part => part.Name == name).Table), most));
        var above = new Grid().AddColumn().AddColumn();
        above.AddRow(Part("traffic", int.MaxValue), Part("drops", DropsMax));
        return new Rows(
            new Markup($"[bold]{Markup.Escape(title)}[/]  every {view.Seconds:0.0} s, [grey]q ends[/]"),
            above, Part("state", 1), Part("pools", DropsMax), Part("workers", int.MaxValue),
            Part("subscribers", int.MaxValue));
    }

    // Rates of bits in the largest unit that fits.
    private static Listing ForPeople(Listing table) => new(
        [.. table.Columns.Select(static name => name.Replace(RateEnd, "/s", StringComparison.Ordinal))],
        table.Rows.Select(row => row.Select((value, i) =>
            value is double number && table.Columns[i].StartsWith("bits_", StringComparison.Ordinal)
                ? Bits(number)
                : value).ToArray()));

    private static string Bits(double rate)
    {
        int unit = 0;
        for (; rate >= 1000 && unit < s_units.Length - 1; unit++)
            rate /= 1000;
        return rate.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + s_units[unit];
    }
}
