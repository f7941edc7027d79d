using System;

using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// SIP (RFC 3261): where a host inside wants to be answered and called, in the first line, Via, Contact and the routes,
/// and where it wants its media. What comes back to it is turned round by the mappings.
/// </summary>
internal static class SipGateway
{
    private const ushort RegisteredPort = 5060;
    private const int EndpointTextMax = 21;

    /// <summary>Finds what is to be changed in a message.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="talk">Whose it is.</param>
    /// <param name="edits">Gets the changes.</param>
    public static void Rewrite(
        ReadOnlySpan<byte> message, in SipHeaders headers, in Talk talk, ref SipEdits edits)
    {
        for (int at = 0; at < headers.Length;)
        {
            ReadOnlySpan<byte> line = message[at..headers.Length];
            line = line[..(line.IndexOf((byte)'\n') + 1)];
            if (line.IsEmpty)
                break;
            if (at == 0 || NamesEndpoints(line))
                Endpoints(line, at, talk, ref edits);
            at += line.Length;
        }

        ReadOnlySpan<byte> body = message[headers.Length..];
        if (headers.HasDescription && talk.Outbound)
            SdpGateway.Rewrite(body[..Math.Min(headers.BodyLength, body.Length)], headers.Length, talk, ref edits);
        int growth = edits.GrowthFrom(headers.Length);
        if (growth == 0 || headers.LengthAt == 0)
            return;
        Span<byte> text = stackalloc byte[10];
        int written = AsciiText.Write(text, (uint)(headers.BodyLength + growth));
        edits.Add(headers.LengthAt, headers.LengthDigits, text[..written]);
    }

    private static bool NamesEndpoints(ReadOnlySpan<byte> line) =>
        SipHeaders.Is(line, "VIA"u8, "V"u8, out _) || SipHeaders.Is(line, "CONTACT"u8, "M"u8, out _)
        || SipHeaders.Is(line, "ROUTE"u8, "ROUTE"u8, out _)
        || SipHeaders.Is(line, "RECORD-ROUTE"u8, "RECORD-ROUTE"u8, out _);

    private static void Endpoints(ReadOnlySpan<byte> line, int lineAt, in Talk talk, ref SipEdits edits)
    {
        ref readonly SessionRecord s = ref talk.Record;
        uint own = talk.Outbound ? s.InternalAddress : s.ExternalAddress;
        Span<byte> text = stackalloc byte[EndpointTextMax];
        for (int at = 1; at < line.Length; at++)
        {
            if (!char.IsAsciiDigit((char)line[at]) || IsPartOfName(line[at - 1]))
                continue;
            ReadOnlySpan<byte> rest = line[at..];
            if (!AsciiText.TryTakeAddress(ref rest, out uint address) || address != own
                || (!rest.IsEmpty && IsPartOfName(rest[0])))
            {
                continue;
            }

            ReadOnlySpan<byte> behind = rest;
            ushort port = RegisteredPort;
            if (AsciiText.TryTake(ref behind, (byte)':')
                && AsciiText.TryTakeNumber(ref behind, ushort.MaxValue, out uint given))
            {
                port = (ushort)given;
                rest = behind;
            }

            if (!TryOther(port, talk, out uint other, out ushort otherPort))
                continue;
            int length = line.Length - rest.Length - at;
            int written = AsciiText.WriteAddress(text, other);
            text[written++] = (byte)':';
            written += AsciiText.Write(text[written..], otherPort);
            edits.Add(lineAt + at, length, text[..written]);
            at += length;
        }
    }

    private static bool IsPartOfName(byte letter) =>
        char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'.' or (byte)'-' or (byte)'_';

    // What stands for an endpoint on the other side of the box.
    private static bool TryOther(ushort port, in Talk talk, out uint address, out ushort other)
    {
        ref readonly SessionRecord s = ref talk.Record;
        bool isOwn = port == (talk.Outbound ? s.InternalPort : s.ExternalPort);
        address = talk.Outbound ? s.ExternalAddress : s.InternalAddress;
        other = talk.Outbound ? s.ExternalPort : s.InternalPort;
        if (isOwn)
            return true;
        if (talk.Outbound)
            return talk.TryOpen(s.Protocol, port, s.RemoteAddress, isPair: false, out address, out other);
        ref readonly MappingRecord m = ref talk.State.Nat.Mapping(
            talk.State.Nat.FindMapping(s.ExternalAddress, port, s.Protocol));
        address = m.InternalAddress;
        other = m.InternalPort;
        return m.IsLive && m.Subscriber == s.Subscriber;
    }
}
