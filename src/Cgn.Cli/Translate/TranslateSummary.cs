using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

using Cgn.Cli.Captures;
using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Forwarder;
using Cgn.Memory.Frames;

namespace Cgn.Cli.Translate;

/// <summary>What a translation counted.</summary>
internal sealed class TranslateSummary
{
    private readonly SortedDictionary<string, long> _drops = [];

    /// <summary>Frames that entered inside.</summary>
    internal long InsideIn { get; private set; }

    /// <summary>Frames that entered outside.</summary>
    internal long OutsideIn { get; private set; }

    /// <summary>Frames that left inside.</summary>
    internal long InsideOut { get; private set; }

    /// <summary>Frames that left outside.</summary>
    internal long OutsideOut { get; private set; }

    /// <summary>Frames that were addressed to the gateway and dealt with, those that it answered among them.</summary>
    internal long Consumed { get; private set; }

    /// <summary>Frames unaccounted for: 0.</summary>
    internal long Unaccounted { get; private set; }

    /// <summary>A frame entered.</summary>
    internal void Entered(byte side)
    {
        InsideIn += side == FramePort.Inside ? 1 : 0;
        OutsideIn += side == FramePort.Outside ? 1 : 0;
    }

    /// <summary>A frame left.</summary>
    internal void Left(byte side)
    {
        InsideOut += side == FramePort.Inside ? 1 : 0;
        OutsideOut += side == FramePort.Outside ? 1 : 0;
    }

    /// <summary>Takes over the gateway's own counts.</summary>
    internal void Close(SimulatedGateway gateway)
    {
        foreach (DropReason reason in Enum.GetValues<DropReason>())
        {
            long count = reason == DropReason.None ? 0 : gateway.Drops(reason);
            if (count != 0)
                _drops[SnakeCase.Of(reason.ToString())] = count;
        }

        Consumed = gateway.Counter(CounterId.Consumed);
        Unaccounted = gateway.Unaccounted;
    }

    /// <summary>Writes the summary as one JSON object.</summary>
    internal void WriteJson(Stream output)
    {
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("packets", InsideIn + OutsideIn);
        json.WriteNumber("inside_in", InsideIn);
        json.WriteNumber("outside_in", OutsideIn);
        json.WriteNumber("inside_out", InsideOut);
        json.WriteNumber("outside_out", OutsideOut);
        json.WriteNumber("consumed", Consumed);
        json.WriteStartObject("drops");
        foreach ((string reason, long count) in _drops)
            json.WriteNumber(reason, count);
        json.WriteEndObject();
        json.WriteNumber("unaccounted", Unaccounted);
        json.WriteEndObject();
    }

    /// <summary>Writes the summary for people.</summary>
    internal void WriteText(TextWriter output)
    {
        output.WriteLine($"inside   {InsideIn,12} in {InsideOut,12} out");
        output.WriteLine($"outside  {OutsideIn,12} in {OutsideOut,12} out");
        if (Consumed > 0)
            output.WriteLine($"consumed {Consumed,12}");
        foreach ((string reason, long count) in _drops)
            output.WriteLine($"dropped  {count,12}   {reason}");
    }
}
