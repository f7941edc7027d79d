using System;

using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// Descriptions of sessions (RFC 4566): media that a host inside wants to get. RTP comes with RTCP at the port after it
/// (RFC 3550 section 11), unless an attribute says where (RFC 3605).
/// </summary>
internal static class SdpGateway
{
    private const byte Udp = (byte)IpProtocol.Udp;

    /// <summary>Finds what is to be changed in a description; nothing when an endpoint can't be had.</summary>
    /// <param name="body">The description.</param>
    /// <param name="bodyAt">Where it begins in the message.</param>
    /// <param name="talk">Whose it is.</param>
    /// <param name="edits">Gets the changes.</param>
    public static void Rewrite(ReadOnlySpan<byte> body, int bodyAt, in Talk talk, ref SipEdits edits)
    {
        uint own = talk.Record.InternalAddress;
        uint shown = 0;
        // Ports first: the address that the session's own line names is theirs.
        if (!TryMedia(body, bodyAt, own, talk, ref edits, ref shown))
        {
            edits.TakeBack(bodyAt);
            return;
        }

        Span<byte> text = stackalloc byte[15];
        shown = shown == 0 ? talk.Record.ExternalAddress : shown;
        for (int at = 0; at < body.Length;)
        {
            ReadOnlySpan<byte> line = LineAt(body, at);
            bool names = line.StartsWith("c="u8) || line.StartsWith("o="u8) || line.StartsWith("a=rtcp:"u8);
            if (names && TryAddress(line, out uint address, out int start, out int length) && address == own)
            {
                edits.Add(bodyAt + at + start, length, text[..AsciiText.WriteAddress(text, shown)]);
            }

            at += line.Length;
        }
    }

    private static bool TryMedia(
        ReadOnlySpan<byte> body, int bodyAt, uint own, in Talk talk, ref SipEdits edits, ref uint shown)
    {
        uint session = 0;
        ushort current = 0;
        ushort currentExternal = 0;
        bool inMedia = false;
        for (int at = 0; at < body.Length;)
        {
            ReadOnlySpan<byte> line = LineAt(body, at);
            if (line.StartsWith("m="u8))
            {
                inMedia = true;
                uint address = ConnectionOf(body[(at + line.Length)..], session);
                current = 0;
                if (address == own && TryPort(line, 2, out current, out int start, out int length))
                {
                    if (!TryOpen(talk, current, isPair: true, ref shown, out currentExternal))
                        return false;
                    Port(bodyAt + at + start, length, currentExternal, ref edits);
                }
            }
            else if (line.StartsWith("c="u8) && !inMedia)
            {
                _ = TryAddress(line, out session, out _, out _);
            }
            else if (current != 0 && line.StartsWith("a=rtcp:"u8)
                && TryNumber(line, 7, out ushort rtcp, out int digits))
            {
                // Beside the media's port it has been opened with it, but perhaps not beside it outside.
                if (!TryOpen(talk, rtcp, isPair: false, ref shown, out ushort external))
                    return false;
                Port(bodyAt + at + 7, digits, external, ref edits);
            }

            at += line.Length;
        }

        return true;
    }

    private static bool TryOpen(in Talk talk, ushort port, bool isPair, ref uint shown, out ushort external)
    {
        // Who will send is not known: a relay, or the other telephone itself.
        if (!talk.TryOpen(Udp, port, 0, isPair, out uint address, out external) || (shown != 0 && address != shown))
            return false;
        shown = address;
        return true;
    }

    private static void Port(int at, int length, ushort port, ref SipEdits edits)
    {
        Span<byte> text = stackalloc byte[5];
        edits.Add(at, length, text[..AsciiText.Write(text, port)]);
    }

    // The address of a medium: of its own connection line, before the next medium, or the session's.
    private static uint ConnectionOf(ReadOnlySpan<byte> behind, uint session)
    {
        while (!behind.IsEmpty)
        {
            ReadOnlySpan<byte> line = LineAt(behind, 0);
            if (line.StartsWith("m="u8))
                break;
            if (line.StartsWith("c="u8))
                return TryAddress(line, out uint address, out _, out _) ? address : 0;
            behind = behind[line.Length..];
        }

        return session;
    }

    // The port of a medium over UDP, after its name; 0 is a medium that is refused.
    private static bool TryPort(ReadOnlySpan<byte> line, int from, out ushort port, out int start, out int length)
    {
        port = 0;
        length = 0;
        int space = line[from..].IndexOf((byte)' ');
        start = from + space + 1;
        return space >= 0 && TryNumber(line, start, out port, out length) && port != 0
            && line.IndexOf(" TCP/"u8) < 0;
    }

    private static bool TryNumber(ReadOnlySpan<byte> line, int from, out ushort value, out int digits)
    {
        ReadOnlySpan<byte> rest = line[from..];
        bool isNumber = AsciiText.TryTakeNumber(ref rest, ushort.MaxValue, out uint number);
        value = (ushort)number;
        digits = line.Length - from - rest.Length;
        return isNumber;
    }

    private static bool TryAddress(ReadOnlySpan<byte> line, out uint address, out int start, out int length)
    {
        ReadOnlySpan<byte> mark = "IN IP4 "u8;
        int at = line.IndexOf(mark);
        start = at + mark.Length;
        address = 0;
        length = 0;
        if (at < 0)
            return false;
        ReadOnlySpan<byte> rest = line[start..];
        bool isAddress = AsciiText.TryTakeAddress(ref rest, out address);
        length = line.Length - start - rest.Length;
        return isAddress;
    }

    private static ReadOnlySpan<byte> LineAt(ReadOnlySpan<byte> body, int at)
    {
        ReadOnlySpan<byte> rest = body[at..];
        int end = rest.IndexOf((byte)'\n');
        return end < 0 ? rest : rest[..(end + 1)];
    }
}
