using System;
using System.Buffers.Binary;

using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>Reads of a TCP segment what tracking needs.</summary>
internal static class TcpReader
{
    private const byte Syn = 0x02;

    /// <summary>Reads it; the default value for anything that is no whole TCP header.</summary>
    /// <param name="packet">From the first byte of the IPv4 header to the end of the packet.</param>
    /// <param name="c">What parsing found.</param>
    public static TcpSegment Read(Span<byte> packet, in PacketContext c)
    {
        Span<byte> tcp = packet[(c.TransportAt - c.Ipv4At)..];
        if (tcp.Length < 20)
            return default;
        byte flags = tcp[13];
        return new TcpSegment
        {
            Flags = flags,
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]),
            Acknowledgment = BinaryPrimitives.ReadUInt32BigEndian(tcp[8..]),
            Window = BinaryPrimitives.ReadUInt16BigEndian(tcp[14..]),
            PayloadLength = Math.Max(0, tcp.Length - ((tcp[12] >> 4) * 4)),
            WindowScale = (flags & Syn) != 0 ? ReadScale(tcp) : TcpSegment.NoWindowScale,
        };
    }

    /// <summary>The same for a packet of any protocol: the default value for what is not TCP.</summary>
    public static TcpSegment OfFlow(Span<byte> packet, in PacketContext c) =>
        c.Flow.Protocol == (byte)IpProtocol.Tcp && !c.IsLaterFragment ? Read(packet, c) : default;

    private static byte ReadScale(Span<byte> tcp) =>
        TcpView.TryOpen(tcp, out TcpView view, out _) && view.ReadOptions() is { HasWindowScale: true } options
            ? (byte)options.WindowScale
            : TcpSegment.NoWindowScale;
}
