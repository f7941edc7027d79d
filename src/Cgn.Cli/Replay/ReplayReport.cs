using System.Collections.Generic;
using System.IO;
using System.Text.Json;

using Cgn.Cli.Captures;

namespace Cgn.Cli.Replay;

/// <summary>
/// What a replay counted. Every packet offered is in exactly one of forwarded, returned, drops and skipped.
/// </summary>
internal sealed class ReplayReport(TextWriter errors)
{
    private const int ExplainedMax = 20;

    /// <summary>Packets of all captures, subscribers and repetitions.</summary>
    internal long Packets { get; set; }

    /// <summary>Came out outside.</summary>
    internal long Forwarded { get; set; }

    /// <summary>Came out inside.</summary>
    internal long Returned { get; set; }

    /// <summary>What was not as it must be.</summary>
    internal long Mismatches { get; private set; }

    /// <summary>ICMP errors that the gateway itself sent.</summary>
    internal long Answers { get; set; }

    /// <summary>
    /// Offered packets whose header checksum had been left to the sending device when they were captured.
    /// </summary>
    internal long Completed { get; set; }

    /// <summary>What the gateway dropped, by its own count.</summary>
    internal SortedDictionary<string, long> Drops { get; } = [];

    /// <summary>What was not offered.</summary>
    internal SortedDictionary<string, long> Skipped { get; } = [];

    /// <summary>Simulated subscribers.</summary>
    internal int Subscribers { get; set; }

    /// <summary>Mappings that were made.</summary>
    internal long Mappings { get; set; }

    /// <summary>Sessions that were made.</summary>
    internal long Sessions { get; set; }

    /// <summary>Seconds of the clock on the wall.</summary>
    internal double Seconds { get; set; }

    /// <summary>Frames in minus frames out, dropped and held: 0.</summary>
    internal long Unaccounted { get; set; }

    /// <summary>Frame buffers that nobody holds: 0.</summary>
    internal long LeakedChunks { get; set; }

    /// <summary>Frames that one worker gave to another.</summary>
    internal long Handoffs { get; set; }

    /// <summary>Millions of packets carried a second.</summary>
    internal double Mpps => Seconds > 0 ? (Forwarded + Returned) / Seconds / 1e6 : 0;

    /// <summary>A packet was not offered.</summary>
    internal void Skip(SkipReason reason, long count)
    {
        string name = SnakeCase.Of(reason.ToString());
        Skipped[name] = Skipped.GetValueOrDefault(name) + count;
    }

    /// <summary>Something is not as it must be; the first few are explained.</summary>
    internal void Mismatch(string where, string what)
    {
        Mismatches++;
        if (Mismatches <= ExplainedMax)
            errors.WriteLine($"cgn: {where}: {what}");
        else if (Mismatches == ExplainedMax + 1)
            errors.WriteLine("cgn: further mismatches are only counted");
    }

    /// <summary>Closes the account.</summary>
    internal void Balance()
    {
        long accounted = Forwarded + Returned;
        foreach (long count in Drops.Values)
            accounted += count;
        foreach (long count in Skipped.Values)
            accounted += count;
        if (accounted != Packets)
        {
            Mismatch(
                "account",
                $"{Packets} packets offered, but forwarded, returned, dropped and skipped are {accounted}; "
                + "each packet must be exactly one of them");
        }

        if (LeakedChunks != 0)
            Mismatch("account", $"{LeakedChunks} of the gateway's frame buffers are lost; 0 was expected");
        if (Unaccounted != 0)
            Mismatch("account", $"the gateway's own account is off by {Unaccounted} frames; 0 was expected");
    }

    /// <summary>Writes the report as one JSON object.</summary>
    internal void WriteJson(Stream output)
    {
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("packets", Packets);
        json.WriteNumber("forwarded", Forwarded);
        json.WriteNumber("returned", Returned);
        json.WriteNumber("mismatches", Mismatches);
        WriteCounts(json, "drops", Drops);
        WriteCounts(json, "skipped", Skipped);
        json.WriteNumber("subscribers", Subscribers);
        json.WriteNumber("mappings", Mappings);
        json.WriteNumber("sessions", Sessions);
        json.WriteNumber("seconds", double.Round(Seconds, 6));
        json.WriteNumber("mpps", double.Round(Mpps, 6));
        json.WriteNumber("answers", Answers);
        json.WriteNumber("checksums_completed", Completed);
        json.WriteNumber("handoffs", Handoffs);
        json.WriteNumber("unaccounted", Unaccounted);
        json.WriteEndObject();
    }

    /// <summary>Writes the report for people.</summary>
    internal void WriteText(TextWriter output)
    {
        output.WriteLine($"packets    {Packets,12}   {Subscribers} subscribers, {Seconds:F2} s, {Mpps:F3} Mpps");
        output.WriteLine($"forwarded  {Forwarded,12}   {Mappings} mappings, {Sessions} sessions");
        output.WriteLine($"returned   {Returned,12}");
        foreach ((string reason, long count) in Drops)
            output.WriteLine($"dropped    {count,12}   {reason}");
        foreach ((string reason, long count) in Skipped)
            output.WriteLine($"skipped    {count,12}   {reason}");
        if (Answers > 0)
            output.WriteLine($"answered   {Answers,12}   ICMP errors of the gateway's own");
        output.WriteLine($"mismatches {Mismatches,12}");
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, SortedDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach ((string reason, long count) in counts)
            json.WriteNumber(reason, count);
        json.WriteEndObject();
    }
}
