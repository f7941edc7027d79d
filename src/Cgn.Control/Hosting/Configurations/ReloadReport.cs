using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

using Cgn.Contract.Process;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.History;
using Cgn.Control.Trace;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// What became of the last configuration that the control plane was asked to take: left in the state directory for
/// whoever asked by a signal, which has no answer of its own.
/// </summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Origin">Who asked.</param>
/// <param name="Sha256">SHA-256 of the text.</param>
/// <param name="Generation">Generation of the configuration in force since.</param>
/// <param name="Faults">Errors and warnings in it.</param>
/// <param name="Obstacles">Why it is not in force; empty when it is.</param>
/// <param name="Notes">What did not succeed beside it.</param>
public sealed record ReloadReport(
    string Time, string Origin, string Sha256, uint Generation, IReadOnlyList<string> Faults,
    IReadOnlyList<string> Obstacles, IReadOnlyList<string> Notes)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the last one; null when there is none.</summary>
    public static ReloadReport? TryRead(StateDirectory directory)
    {
        try
        {
            return JsonSerializer.Deserialize<ReloadReport>(File.ReadAllText(directory.ReloadFile), s_json);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    internal static void Write(StateDirectory directory, string yaml, string origin, ApplyResult result)
    {
        var report = new ReloadReport(
            UtcText.Of(DateTimeOffset.UtcNow), origin, ConfigHistory.Sha256(yaml), result.Generation,
            [.. result.Faults.All.Select(static fault => fault.ToString())], result.Obstacles, result.Notes);
        AtomicFile.Write(directory.ReloadFile, JsonSerializer.Serialize(report, s_json) + "\n");
    }
}
