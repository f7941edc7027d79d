using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;

namespace Cgn.Control.Trace;

/// <summary>
/// What the block log says, its rotated files included: those in the same directory whose names begin with the log's,
/// compressed by gzip or not.
/// </summary>
internal static class BlockHistory
{
    private const string EpochFileEnd = ".epochs";

    /// <summary>Who held what is asked for.</summary>
    /// <param name="path">The block log.</param>
    /// <param name="question">What is asked.</param>
    public static IReadOnlyList<Holder> Find(string path, TraceQuestion question)
    {
        List<BlockLine> lines = [];
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder))
            return [];
        foreach (string file in Directory.EnumerateFiles(folder, Path.GetFileName(full) + "*"))
        {
            if (!file.EndsWith(EpochFileEnd, StringComparison.Ordinal))
                Read(file, question, lines);
        }

        List<Holder> found = [];
        foreach (IGrouping<(string, string, int, int), BlockLine> block in lines.GroupBy(static line =>
            (line.Subscriber, line.Address, line.First, line.Last)))
        {
            found.AddRange(Holdings([.. block.OrderBy(static line => line.Time, StringComparer.Ordinal)])
                .Where(holder => question.Meets(holder.From, holder.To)));
        }

        return found;
    }

    // One subscriber's times with one block: a beginning without an end ends at the next beginning, or not at all.
    private static IEnumerable<Holder> Holdings(BlockLine[] lines)
    {
        string? from = null;
        foreach (BlockLine line in lines)
        {
            if (line.IsBegin)
            {
                // Twice the same: a control plane that was killed tells it again.
                if (from is not null && from != line.Time)
                    yield return line.Held(from, line.Time);
                from = line.Time;
                continue;
            }

            yield return line.Held(from ?? line.Begun, line.Time);
            from = null;
        }

        if (from is not null)
            yield return lines[^1].Held(from, null);
    }

    private static void Read(string file, TraceQuestion question, List<BlockLine> lines)
    {
        using Stream bytes = File.Open(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using Stream plain = file.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(bytes, CompressionMode.Decompress)
            : bytes;
        using var reader = new StreamReader(plain);
        string? address = question.Address?.ToString();
        while (reader.ReadLine() is { } text)
        {
            if ((address is null || text.Contains(address, StringComparison.Ordinal))
                && TryRead(text, out BlockLine line)
                && question.IsAbout(line.Address, line.First, line.Last) && question.IsAbout(line.Subscriber))
            {
                lines.Add(line);
            }
        }
    }

    private static bool TryRead(string text, out BlockLine line)
    {
        line = default;
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            JsonElement root = json.RootElement;
            string? name = root.GetProperty("event").GetString();
            if (name is not ("allocated" or "released"))
                return false;
            line = new BlockLine(
                name == "allocated", root.GetProperty("time").GetString()!,
                root.TryGetProperty("allocated", out JsonElement begun) ? begun.GetString() : null,
                root.GetProperty("subscriber").GetString()!, root.GetProperty("external_address").GetString()!,
                root.GetProperty("port_start").GetInt32(), root.GetProperty("port_end").GetInt32());
            return true;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            // A line that a full disk or another hand has cut says nothing.
            return false;
        }
    }

    private readonly record struct BlockLine(
        bool IsBegin, string Time, string? Begun, string Subscriber, string Address, int First, int Last)
    {
        public Holder Held(string? from, string? to) =>
            new(Subscriber, Address, First, Last, from, to, "block-log");
    }
}
