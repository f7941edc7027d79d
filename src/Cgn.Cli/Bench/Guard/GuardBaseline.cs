using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Cgn.Cli.Bench.Guard;

/// <summary>The file that ratios are compared with.</summary>
/// <param name="Machine">Where it was made; ratios are nearly the same elsewhere, the nanoseconds are not.</param>
/// <param name="Measures">A measure for each case.</param>
internal sealed record GuardBaseline(string Machine, IReadOnlyList<GuardMeasure> Measures)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="ArgumentException">There is none, or it is no baseline.</exception>
    public static GuardBaseline Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<GuardBaseline>(File.ReadAllText(path), s_json) is { Measures: not null } b
                ? b
                : throw new ArgumentException($"{path}: no baseline");
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArgumentException($"{path}: no baseline: {error.Message}; --write makes one", error);
        }
    }

    /// <summary>Writes a file.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, s_json) + "\n");
}
