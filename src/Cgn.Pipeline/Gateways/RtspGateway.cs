using System;
using System.Buffers.Binary;

using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// RTSP (RFC 2326): the ports that a client inside wants its media at, and the server's answer that repeats them. Media
/// in the connection itself need nothing.
/// </summary>
internal static class RtspGateway
{
    private const int FrameHeaderBytes = 4;
    private const int RangeTextMax = 11;

    /// <summary>The stream goes on with an interleaved frame (RFC 2326 section 10.12).</summary>
    /// <param name="fresh">From the beginning of a line on.</param>
    /// <param name="length">Bytes of the frame, header included.</param>
    public static bool TryFrame(ReadOnlySpan<byte> fresh, out uint length)
    {
        bool begins = fresh.Length >= FrameHeaderBytes && fresh[0] == (byte)'$';
        length = begins ? (uint)(FrameHeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(fresh[2..])) : 0;
        return begins;
    }

    /// <summary>Rewrites a line.</summary>
    /// <returns>Bytes of new text, -1 when the line stays as it is.</returns>
    public static int Rewrite(ReadOnlySpan<byte> line, in Talk talk, Span<byte> text, out int start, out int length)
    {
        start = -1;
        length = 0;
        int behind = 0;
        int written = 0;
        // A client may offer several ways to carry the media, each with its ports.
        while (RtspTransport.TryNext(line, behind, out RtspTransport ports))
        {
            int between = start < 0 ? 0 : ports.Start - behind;
            if (between + RangeTextMax > text.Length - written || !TryPort(ports, talk, out ushort port))
                break;
            line.Slice(ports.Start - between, between).CopyTo(text[written..]);
            written += between;
            written += AsciiText.Write(text[written..], port);
            if (ports.IsRange)
            {
                text[written++] = (byte)'-';
                written += AsciiText.Write(text[written..], (uint)port + 1);
            }

            start = start < 0 ? ports.Start : start;
            behind = ports.Start + ports.Length;
            length = behind - start;
        }

        return start < 0 ? -1 : written;
    }

    private static bool TryPort(in RtspTransport ports, in Talk talk, out ushort port)
    {
        ref readonly SessionRecord s = ref talk.Record;
        const byte Udp = (byte)IpProtocol.Udp;
        if (talk.Outbound)
        {
            return talk.TryOpen(Udp, ports.Port, s.RemoteAddress, ports.IsRange, out uint address, out port)
                && address == s.ExternalAddress;
        }

        ref readonly MappingRecord m = ref talk.State.Nat.Mapping(
            talk.State.Nat.FindMapping(s.ExternalAddress, ports.Port, Udp));
        port = m.InternalPort;
        return m.IsLive && m.Subscriber == s.Subscriber && m.InternalAddress == s.InternalAddress;
    }
}
