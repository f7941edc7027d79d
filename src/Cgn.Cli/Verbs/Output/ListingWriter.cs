using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

using Cgn.Control.State.Listings;

using Spectre.Console;

namespace Cgn.Cli.Verbs.Output;

/// <summary>Prints listings: a table on a terminal, plain columns elsewhere, or JSON.</summary>
internal static class ListingWriter
{
    private const string Gap = "  ";

    private static readonly JsonWriterOptions s_json = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints an array of objects, one a row.</summary>
    /// <param name="listing">What.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="to">Where to.</param>
    public static void Json(Listing listing, int limit, TextWriter to)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_json))
            Json(listing, limit, json);
        to.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }

    /// <summary>Writes the array into an object that is being written.</summary>
    /// <param name="listing">What.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="json">Where to.</param>
    public static void Json(Listing listing, int limit, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (object?[] row in listing.Rows.Take(limit))
        {
            json.WriteStartObject();
            for (int i = 0; i < row.Length; i++)
            {
                json.WritePropertyName(listing.Columns[i]);
                JsonSerializer.Serialize(json, row[i]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A table for a terminal.</summary>
    /// <param name="listing">What.</param>
    /// <param name="limit">Rows at most.</param>
    public static Table Table(Listing listing, int limit)
    {
        List<object?[]> rows = [.. listing.Rows.Take(limit)];
        return Table(listing, [.. rows.Select(static row => Array.ConvertAll(row, Cell))], rows);
    }

    /// <summary>Prints for people.</summary>
    /// <param name="listing">What.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="to">Where to.</param>
    /// <param name="isTerminal">A table with lines may be drawn.</param>
    /// <returns>True when there were more rows.</returns>
    public static bool Text(Listing listing, int limit, TextWriter to, bool isTerminal)
    {
        List<object?[]> rows = [.. listing.Rows.Take(limit == int.MaxValue ? limit : limit + 1)];
        bool hasMore = rows.Count > limit;
        if (hasMore)
            rows.RemoveAt(limit);
        List<string[]> cells = [.. rows.Select(static row => Array.ConvertAll(row, Cell))];
        if (isTerminal)
            AnsiConsole.Write(Table(listing, cells, rows));
        else
            Plain(listing, cells, rows, to);
        return hasMore;
    }

    private static string Cell(object? value) => value switch
    {
        null => "-",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static bool IsNumber(List<object?[]> rows, int column) =>
        rows.Exists(row => row[column] is not null)
            && rows.TrueForAll(row => row[column] is null or (not string and not bool));

    private static Table Table(Listing listing, List<string[]> cells, List<object?[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < listing.Columns.Count; i++)
        {
            var column = new TableColumn(
                new Spectre.Console.Text(listing.Columns[i].Replace('_', ' ')))
            { NoWrap = true };
            table.AddColumn(IsNumber(rows, i) ? column.RightAligned() : column);
        }

        foreach (string[] row in cells)
            table.AddRow(row.Select(static cell => new Spectre.Console.Text(cell)));
        return table;
    }

    private static void Plain(Listing listing, List<string[]> cells, List<object?[]> rows, TextWriter to)
    {
        int[] widths =
            [.. listing.Columns.Select((name, i) => cells.Select(row => row[i].Length).Append(name.Length).Max())];
        bool[] right = [.. listing.Columns.Select((_, i) => IsNumber(rows, i))];
        foreach (IReadOnlyList<string> row in cells.Prepend([.. listing.Columns]))
        {
            IEnumerable<string> padded = row.Select(
                (cell, i) => right[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            to.WriteLine(string.Join(Gap, padded).TrimEnd());
        }
    }
}
