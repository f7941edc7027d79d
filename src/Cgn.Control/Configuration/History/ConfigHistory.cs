using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cgn.Control.Configuration.History;

/// <summary>
/// The configurations that were in force, as they were written: two files an entry, NUMBER.yaml with the text and
/// NUMBER.json with the rest, of which the second comes last and makes the entry.
/// </summary>
/// <param name="directory">Where they lie; made when the first is added.</param>
/// <param name="limit">Entries that are kept; the oldest go first.</param>
public sealed class ConfigHistory(string directory, int limit)
{
    private const string NumberFormat = "D8";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where they lie.</summary>
    public string Directory { get; } = directory;

    /// <summary>SHA-256 of a text, in hexadecimal.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>All entries, the oldest first; damaged ones are left out.</summary>
    /// <exception cref="IOException">The directory can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public IReadOnlyList<HistoryEntry> Entries()
    {
        if (!System.IO.Directory.Exists(Directory))
            return [];
        List<HistoryEntry> found = [];
        foreach (string file in System.IO.Directory.EnumerateFiles(Directory, "*.json"))
        {
            if (TryRead(file) is { } entry && File.Exists(PathOf(entry.Number, "yaml")))
                found.Add(entry);
        }

        return [.. found.OrderBy(static entry => entry.Number)];
    }

    /// <summary>The text of an entry; null when there is none, or it is not what was kept.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public string? TextOf(HistoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string path = PathOf(entry.Number, "yaml");
        string? text = File.Exists(path) ? File.ReadAllText(path) : null;
        return text is not null && Sha256(text) == entry.Sha256 ? text : null;
    }

    /// <summary>The entry of the configuration in force: the last one that was with its text.</summary>
    /// <param name="entries">All entries, the oldest first.</param>
    /// <param name="text">The text in force; null where it is not known.</param>
    public static HistoryEntry? InForce(IReadOnlyList<HistoryEntry> entries, string? text)
    {
        string? sha256 = text is null ? null : Sha256(text);
        return entries.LastOrDefault(entry => entry.Generation != 0 && entry.Sha256 == sha256);
    }

    /// <summary>
    /// The last generation that has belonged to another text: generations begin anew with a state directory, and a
    /// number that stood for two texts would tell nobody which was in force.
    /// </summary>
    /// <param name="text">The text that comes into force; null for none, which no entry has.</param>
    /// <exception cref="IOException">The directory can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public uint LastOfOthers(string? text)
    {
        if (text is null)
            return 0;
        List<HistoryEntry> entries = [.. Entries().Where(static entry => entry.Generation != 0)];
        if (entries.Count != 0 && entries[^1].Sha256 == Sha256(text))
            entries.RemoveAt(entries.Count - 1);
        return entries.Select(static entry => entry.Generation).DefaultIfEmpty().Max();
    }

    /// <summary>Makes sure that entries can be added.</summary>
    /// <exception cref="IOException">They can't.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public void Open()
    {
        System.IO.Directory.CreateDirectory(Directory);
        string probe = Path.Combine(Directory, "probe.new");
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }

    /// <summary>Adds a configuration that came into force, unless it is the last one again.</summary>
    /// <param name="text">As written.</param>
    /// <param name="origin">What brought it.</param>
    /// <param name="gateway">The gateway's name.</param>
    /// <param name="generation">Generation that the forwarder knows it by.</param>
    /// <param name="time">When.</param>
    /// <returns>Its entry, or the last one.</returns>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public HistoryEntry Add(string text, string origin, string gateway, uint generation, DateTimeOffset time)
    {
        System.IO.Directory.CreateDirectory(Directory);
        IReadOnlyList<HistoryEntry> entries = Entries();
        string sha256 = Sha256(text);
        if (entries.Count != 0 && entries[^1].Sha256 == sha256)
            return entries[^1];
        // Above what a killed process left half, too.
        int number =
            System.IO.Directory.EnumerateFiles(Directory, "*.yaml").Select(NumberOf).DefaultIfEmpty().Max() + 1;
        var entry = new HistoryEntry(
            number, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), origin,
            gateway, generation, sha256);
        AtomicFile.Write(PathOf(number, "yaml"), text);
        AtomicFile.Write(PathOf(number, "json"), JsonSerializer.Serialize(entry, s_json) + "\n");
        foreach (HistoryEntry old in entries.Take(entries.Count + 1 - limit))
        {
            File.Delete(PathOf(old.Number, "json"));
            File.Delete(PathOf(old.Number, "yaml"));
        }

        return entry;
    }

    private static int NumberOf(string path) =>
        int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            ? n
            : 0;

    private static HistoryEntry? TryRead(string file)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<HistoryEntry>(File.ReadAllText(file), s_json);
            return entry is { Number: > 0, Sha256: not null } && entry.Number == NumberOf(file) ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string PathOf(int number, string kind) =>
        Path.Combine(Directory, number.ToString(NumberFormat, CultureInfo.InvariantCulture) + "." + kind);
}
