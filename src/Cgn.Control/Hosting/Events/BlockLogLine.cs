using System;
using System.Buffers;
using System.Text.Json;

using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Control.State;
using Cgn.Wire;

namespace Cgn.Control.Hosting.Events;

/// <summary>
/// An event as one JSON object and a line feed (RFC 8259): what an inquiry needs to find a subscriber (RFC 6888
/// REQ-12).
/// </summary>
internal sealed class BlockLogLine(string gateway, int maskBits) : IDisposable
{
    private static readonly JsonWriterOptions s_options = new() { SkipValidation = true };

    private readonly Utf8JsonWriter _json = new(new ArrayBufferWriter<byte>(), s_options);

    /// <summary>Appends the line of an event.</summary>
    /// <param name="told">The event.</param>
    /// <param name="to">Where to.</param>
    /// <returns>False, and nothing is appended, when such events are not logged.</returns>
    public bool TryAppend(in ForwarderEvent told, ArrayBufferWriter<byte> to)
    {
        string? name = Name(told.Kind);
        if (name is null)
            return false;
        _json.Reset(to);
        _json.WriteStartObject();
        _json.WriteString("time"u8, Time(told.UnixMs));
        _json.WriteString("event"u8, name);
        _json.WriteString("subscriber"u8, SubscriberText.Name(
            told.SubscriberKind, told.SubscriberHigh, told.SubscriberLow, maskBits));
        _json.WriteString("kind"u8, SubscriberText.Name(told.SubscriberKind));
        if (told.Kind is EventKind.SessionOpened or EventKind.SessionClosed)
            Session(told);
        else
            Block(told);
        _json.WriteString("gateway"u8, gateway);
        _json.WriteNumber("shard"u8, told.Shard);
        _json.WriteNumber("sequence"u8, told.Sequence);
        _json.WriteEndObject();
        _json.Flush();
        to.GetSpan(1)[0] = (byte)'\n';
        to.Advance(1);
        return true;
    }

    public void Dispose() => _json.Dispose();

    private static string? Name(EventKind kind) => kind switch
    {
        EventKind.BlockAllocated => "allocated",
        EventKind.BlockReleased => "released",
        EventKind.BlockHeld => "held",
        EventKind.SessionOpened => "session_opened",
        EventKind.SessionClosed => "session_closed",
        _ => null,
    };

    // RFC 3339 in UTC with milliseconds.
    private static string Time(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    private void Block(in ForwarderEvent told)
    {
        _json.WriteString("external_address"u8, new Ipv4Address(told.ExternalAddress).ToString());
        _json.WriteNumber("port_start"u8, told.ExternalPort);
        _json.WriteNumber("port_end"u8, told.LastPort);
        // So that the end alone says who held it since when, after the beginning has been rotated away.
        if (told.Kind == EventKind.BlockReleased && told.AllocatedUnixSeconds != 0)
            _json.WriteString("allocated"u8, Time(told.AllocatedUnixSeconds * 1000L));
    }

    private void Session(in ForwarderEvent told)
    {
        // The other end of the softwire, whole, whatever part of it names the subscriber (RFC 6333 section 11).
        if (told.SubscriberKind == SubscriberKind.DsLite)
            _json.WriteString("b4_address"u8, new Ipv6Address(told.SubscriberHigh, told.SubscriberLow).ToString());
        _json.WriteNumber("protocol"u8, told.Protocol);
        _json.WriteString("internal_address"u8, new Ipv4Address(told.InternalAddress).ToString());
        _json.WriteNumber("internal_port"u8, told.InternalPort);
        _json.WriteString("external_address"u8, new Ipv4Address(told.ExternalAddress).ToString());
        _json.WriteNumber("external_port"u8, told.ExternalPort);
        if (told.RemoteAddress == 0)
            return;
        _json.WriteString("remote_address"u8, new Ipv4Address(told.RemoteAddress).ToString());
        _json.WriteNumber("remote_port"u8, told.RemotePort);
    }
}
