using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>
/// Writes what translation changes: one address, one port or identifier, the time to live, the type of service, and
/// both checksums by difference (RFC 1624), so that damage on the way is neither hidden nor made.
/// </summary>
internal static class HeaderRewriter
{
    // One less in the upper byte of the word of time to live and protocol: ~m + (m - 0x0100) in one's complement.
    private const uint TtlDelta = 0xFEFF;

    /// <summary>Rewrites a packet on its way out: the source becomes external.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="chunk">The packet's chunk.</param>
    /// <param name="c">What parsing found.</param>
    /// <param name="s">The session.</param>
    /// <param name="tos">Type of service to leave with.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Outbound(FrameStore store, uint chunk, in PacketContext c, in SessionRecord s, byte tos)
    {
        FrameWindow header = store.Window(chunk, c.Ipv4At);
        // Time to live, protocol, checksum and source lie together.
        header.Write64(8, ((ulong)Middle(header, c, s.AddressDelta, tos) << 32) | s.ExternalAddress);
        if (!c.IsLaterFragment)
            Transport(store, chunk, c, s.ExternalPort, outbound: true, s.TransportDelta);
    }

    /// <summary>Rewrites a packet on its way in: the destination becomes internal.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="chunk">The packet's chunk.</param>
    /// <param name="c">What parsing found.</param>
    /// <param name="s">The session.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inbound(FrameStore store, uint chunk, in PacketContext c, in SessionRecord s)
    {
        ushort addressDelta = (ushort)~s.AddressDelta;
        FrameWindow header = store.Window(chunk, c.Ipv4At);
        header.Write32(8, Middle(header, c, addressDelta, c.Tos));
        header.Write32(16, s.InternalAddress);
        if (!c.IsLaterFragment)
            Transport(store, chunk, c, s.InternalPort, outbound: false, (ushort)~s.TransportDelta);
    }

    /// <summary>Rewrites a packet that is forwarded untranslated: time to live and type of service.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="chunk">The packet's chunk.</param>
    /// <param name="c">What parsing found.</param>
    /// <param name="tos">Type of service to leave with.</param>
    public static void Forward(FrameStore store, uint chunk, in PacketContext c, byte tos)
    {
        FrameWindow header = store.Window(chunk, c.Ipv4At);
        header.Write32(8, Middle(header, c, 0, tos));
    }

    // Time to live, protocol and checksum as they leave; the type of service, where it changes, is written here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Middle(FrameWindow header, in PacketContext c, ushort addressDelta, byte tos)
    {
        uint old = header.Read32(8);
        uint spent = c.Hairpinned ? 0u : 1u;
        uint sum = (uint)(ushort)~old + addressDelta + (TtlDelta * spent);
        if (tos != c.Tos)
        {
            sum += (uint)(0xFFFF - c.Tos + tos);
            header.Write8(1, tos);
        }

        return ((old & 0xFFFF0000) - (spent << 24)) | (ushort)~Fold(sum);
    }

    /// <summary>Rewrites the transport header; parsing has seen that it is whole.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="chunk">The packet's chunk.</param>
    /// <param name="c">What parsing found.</param>
    /// <param name="port">New port or query identifier.</param>
    /// <param name="outbound">The source port changes, rather than the destination port.</param>
    /// <param name="transportDelta">Difference of address and port.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transport(
        FrameStore store, uint chunk, in PacketContext c, ushort port, bool outbound, ushort transportDelta)
    {
        if (c.Flow.Protocol == (byte)IpProtocol.Udp)
        {
            // The whole header in one load and one store.
            FrameWindow datagram = store.Window(chunk, c.TransportAt);
            ulong old = datagram.Read64(0);
            ushort checksum = new ChecksumDelta(transportDelta).ApplyUdp((ushort)old);
            ulong kept = outbound ? old & 0x0000_FFFF_FFFF_0000 : old & 0xFFFF_0000_FFFF_0000;
            datagram.Write64(0, kept | ((ulong)port << (outbound ? 48 : 32)) | checksum);
        }
        else if (c.Flow.Protocol == (byte)IpProtocol.Tcp)
        {
            FrameWindow segment = store.Window(chunk, c.TransportAt);
            segment.Write16(outbound ? 0 : 2, port);
            // The first fragment of a TCP packet may be shorter than the header; the fragment table refuses it before
            // it comes here.
            if (c.Ipv4Length - (c.TransportAt - c.Ipv4At) >= 18)
                segment.Write16(16, new ChecksumDelta(transportDelta).Apply(segment.Read16(16)));
        }
        else
        {
            Other(
                store.Chunk(chunk)[c.TransportAt..(c.Ipv4At + c.Ipv4Length)], (IpProtocol)c.Flow.Protocol, port,
                outbound ? 0 : 2, transportDelta);
        }
    }

    private static void Other(
        Span<byte> transport, IpProtocol protocol, ushort port, int portOffset, ushort transportDelta)
    {
        switch (protocol)
        {
            case IpProtocol.UdpLite:
                // A checksum of zero is as forbidden as in UDP, and the pseudo-header counts always (RFC 3828 3.1).
                BinaryPrimitives.WriteUInt16BigEndian(transport[portOffset..], port);
                ushort old = BinaryPrimitives.ReadUInt16BigEndian(transport[6..]);
                BinaryPrimitives.WriteUInt16BigEndian(transport[6..], new ChecksumDelta(transportDelta).ApplyUdp(old));
                break;
            case IpProtocol.Icmp:
                // The checksum covers no pseudo-header (RFC 792), so only the identifier counts.
                ushort identifier = BinaryPrimitives.ReadUInt16BigEndian(transport[4..]);
                ushort sum = BinaryPrimitives.ReadUInt16BigEndian(transport[2..]);
                BinaryPrimitives.WriteUInt16BigEndian(
                    transport[2..], ChecksumDelta.Between(identifier, port).ApplyIcmp(sum));
                BinaryPrimitives.WriteUInt16BigEndian(transport[4..], port);
                break;
            case IpProtocol.Dccp:
                // Whatever the coverage, the checksum is of the ports and the pseudo-header too (RFC 4340 9.2).
                BinaryPrimitives.WriteUInt16BigEndian(transport[portOffset..], port);
                ApplyAt(transport, 6, transportDelta);
                break;
            case IpProtocol.Gre when portOffset != 0 && FlowPorts.IsPptp(transport):
                FlowPorts.WriteCallId(transport, port);
                break;
        }
    }

    private static void ApplyAt(Span<byte> transport, int offset, ushort delta)
    {
        if (transport.Length < offset + 2)
            return;
        Span<byte> field = transport.Slice(offset, 2);
        ushort old = BinaryPrimitives.ReadUInt16BigEndian(field);
        BinaryPrimitives.WriteUInt16BigEndian(field, new ChecksumDelta(delta).Apply(old));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (sum & 0xFFFF) + (sum >> 16);
    }
}
