using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Contract.Records;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>
/// Writes what translation changes: one address, one port or identifier, the time to live, the type of service, and both checksums by
/// difference (RFC 1624), so that damage on the way is neither hidden nor made.
/// </summary>
internal static class HeaderRewriter
{
    private const int SourceAddressOffset = 12;
    private const int DestinationAddressOffset = 16;

    // One less in the upper byte of the word of time to live and protocol: ~m + (m - 0x0100) in one's complement.
    private const uint TtlDelta = 0xFEFF;

    /// <summary>Rewrites a packet on its way out: the source becomes external.</summary>
    /// <param name="packet">From the first byte of the IPv4 header to the end of the packet.</param>
    /// <param name="c">What parsing found.</param>
    /// <param name="s">The session.</param>
    /// <param name="tos">Type of service to leave with.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Outbound(Span<byte> packet, in PacketContext c, in SessionRecord s, byte tos)
    {
        Header(packet, c, s.AddressDelta, tos);
        BinaryPrimitives.WriteUInt32BigEndian(packet[SourceAddressOffset..], s.ExternalAddress);
        if (!c.IsLaterFragment)
            Transport(packet[(c.TransportAt - c.Ipv4At)..], c.Flow.Protocol, s.ExternalPort, 0, s.AddressDelta, s.TransportDelta);
    }

    /// <summary>Rewrites a packet on its way in: the destination becomes internal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inbound(Span<byte> packet, in PacketContext c, in SessionRecord s)
    {
        ushort addressDelta = (ushort)~s.AddressDelta;
        Header(packet, c, addressDelta, c.Tos);
        BinaryPrimitives.WriteUInt32BigEndian(packet[DestinationAddressOffset..], s.InternalAddress);
        if (!c.IsLaterFragment)
        {
            Transport(
                packet[(c.TransportAt - c.Ipv4At)..], c.Flow.Protocol, s.InternalPort, 2, addressDelta, (ushort)~s.TransportDelta);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Header(Span<byte> packet, in PacketContext c, ushort addressDelta, byte tos)
    {
        Span<byte> header = packet[..20];
        uint spent = c.Hairpinned ? 0u : 1u;
        uint sum = (uint)(ushort)~BinaryPrimitives.ReadUInt16BigEndian(header[10..])
            + addressDelta + (TtlDelta * spent) + (uint)(0xFFFF - c.Tos + tos);
        header[1] = tos;
        header[8] = (byte)(c.Ttl - spent);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)~Fold(sum));
    }

    /// <summary>Rewrites the transport header.</summary>
    /// <param name="transport">From its first byte to the end of the packet; parsing has seen that the header is whole.</param>
    /// <param name="protocol">Protocol of the IPv4 header.</param>
    /// <param name="port">New port or query identifier.</param>
    /// <param name="portOffset">0 for the source port, 2 for the destination port.</param>
    /// <param name="addressDelta">Difference of the address alone.</param>
    /// <param name="transportDelta">Difference of address and port.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transport(
        Span<byte> transport, byte protocol, ushort port, int portOffset, ushort addressDelta, ushort transportDelta)
    {
        if (protocol == (byte)IpProtocol.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[portOffset..], port);
            Span<byte> field = transport.Slice(6, 2);
            ushort old = BinaryPrimitives.ReadUInt16BigEndian(field);
            BinaryPrimitives.WriteUInt16BigEndian(field, new ChecksumDelta(transportDelta).ApplyUdp(old));
        }
        else if (protocol == (byte)IpProtocol.Tcp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[portOffset..], port);
            // The first fragment of a TCP packet may be shorter than the header; the fragment table refuses it before it comes here.
            ApplyAt(transport, 16, transportDelta);
        }
        else
        {
            Other(transport, (IpProtocol)protocol, port, portOffset, addressDelta, transportDelta);
        }
    }

    private static void Other(
        Span<byte> transport, IpProtocol protocol, ushort port, int portOffset, ushort addressDelta, ushort transportDelta)
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
                ApplyAt(transport, 2, ChecksumDelta.Between(identifier, port).Value);
                BinaryPrimitives.WriteUInt16BigEndian(transport[4..], port);
                break;
            case IpProtocol.Dccp:
                // Carried by its address alone, but its checksum covers the pseudo-header (RFC 4340 9.1).
                ApplyAt(transport, 6, addressDelta);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
