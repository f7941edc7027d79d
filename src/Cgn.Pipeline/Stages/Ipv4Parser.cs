using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Slow;
using Cgn.Wire;

namespace Cgn.Pipeline.Stages;

/// <summary>Reads an IPv4 packet into a context: the checks that no router may skip (RFC 1812 5.2.2), and the flow.</summary>
internal static class Ipv4Parser
{
    private const int HeaderMin = 20;

    /// <summary>Reads the packet that begins at a position of a chunk.</summary>
    /// <param name="chunk">The whole chunk.</param>
    /// <param name="at">First byte of the IPv4 header.</param>
    /// <param name="end">First byte behind the packet's room; padding may follow the packet.</param>
    /// <param name="outbound">The local endpoint is the source, rather than the destination.</param>
    /// <param name="c">Filled in; refused when the packet is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(ReadOnlySpan<byte> chunk, int at, int end, bool outbound, ref PacketContext c)
    {
        if (end - at < HeaderMin)
        {
            c.Refuse(DropReason.Truncated);
            return;
        }

        ReadOnlySpan<byte> header = chunk.Slice(at, HeaderMin);
        int headerLength = HeaderMin;
        if (header[0] != 0x45)
        {
            headerLength = OtherHeader(chunk, at, end, ref c);
            if (headerLength == 0)
                return;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        if (total < headerLength || total > end - at || Sum20(header) != 0xFFFF && headerLength == HeaderMin)
        {
            c.Refuse(total < headerLength ? DropReason.BadIpv4Header
                : total > end - at ? DropReason.Truncated : DropReason.BadIpv4Checksum);
            return;
        }

        c.Ipv4At = at;
        c.TransportAt = at + headerLength;
        c.Ipv4Length = total;
        c.Identification = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        c.Tos = header[1];
        c.Ttl = header[8];
        c.FragmentField = BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        uint source = BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
        uint destination = BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        c.Flow.InternalAddress = outbound ? source : destination;
        c.Flow.RemoteAddress = outbound ? destination : source;
        c.Flow.Protocol = header[9];
        c.Class = c.Ttl <= 1 && !c.Hairpinned ? PacketClass.SlowFlow : PacketClass.Flow;
        if ((c.FragmentField & 0x3FFF) != 0)
        {
            c.Class = PacketClass.Fragment;
            if (c.PortsKnown)
            {
                FragmentFlow.ReadKnown(chunk, ref c);
                return;
            }

            if (c.IsLaterFragment)
            {
                c.Flow.InternalPort = 0;
                c.Flow.RemotePort = 0;
                return;
            }
        }

        ReadTransport(chunk.Slice(c.TransportAt, total - headerLength), outbound, ref c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadTransport(ReadOnlySpan<byte> transport, bool outbound, ref PacketContext c)
    {
        switch ((IpProtocol)c.Flow.Protocol)
        {
            case IpProtocol.Tcp:
                // A first fragment need not hold all of the header; the fragment table says what is too tiny.
                if (transport.Length < 20 && c.Class != PacketClass.Fragment || transport.Length < 8)
                    c.Refuse(DropReason.BadTransportHeader);
                else if (transport.Length >= 20 && BadDataOffset(transport, c.Class))
                    c.Refuse(DropReason.BadTransportHeader);
                else
                    ReadPorts(transport, outbound, ref c);
                break;
            case IpProtocol.Udp:
            case IpProtocol.UdpLite:
                if (transport.Length < 8)
                    c.Refuse(DropReason.BadTransportHeader);
                else
                    ReadPorts(transport, outbound, ref c);
                break;
            case IpProtocol.Icmp:
                ReadIcmp(transport, outbound, ref c);
                break;
            default:
                c.Flow.InternalPort = 0;
                c.Flow.RemotePort = 0;
                break;
        }
    }

    private static bool BadDataOffset(ReadOnlySpan<byte> transport, PacketClass packetClass)
    {
        int headerLength = (transport[12] >> 4) * 4;
        return headerLength < 20 || headerLength > transport.Length && packetClass != PacketClass.Fragment;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadPorts(ReadOnlySpan<byte> transport, bool outbound, ref PacketContext c)
    {
        ushort source = BinaryPrimitives.ReadUInt16BigEndian(transport);
        ushort destination = BinaryPrimitives.ReadUInt16BigEndian(transport[2..]);
        c.Flow.InternalPort = outbound ? source : destination;
        c.Flow.RemotePort = outbound ? destination : source;
    }

    private static void ReadIcmp(ReadOnlySpan<byte> message, bool outbound, ref PacketContext c)
    {
        if (message.Length < 8)
        {
            c.Refuse(DropReason.BadTransportHeader);
            return;
        }

        c.Flow.InternalPort = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        c.Flow.RemotePort = 0;
        switch ((IcmpType)message[0])
        {
            case IcmpType.EchoRequest when !outbound:
                c.Class = c.Class == PacketClass.Fragment ? PacketClass.Fragment : PacketClass.Echo;
                break;
            case IcmpType.EchoRequest:
            case IcmpType.TimestampRequest when outbound:
            case IcmpType.EchoReply when !outbound:
            case IcmpType.TimestampReply when !outbound:
                break;
            case IcmpType.DestinationUnreachable:
            case IcmpType.TimeExceeded:
            case IcmpType.ParameterProblem:
                if (c.Class == PacketClass.Fragment)
                    c.Refuse(DropReason.UnsupportedIcmp);
                else
                    c.Class = PacketClass.IcmpError;
                break;
            default:
                c.Refuse(DropReason.UnsupportedIcmp);
                break;
        }
    }

    private static int OtherHeader(ReadOnlySpan<byte> chunk, int at, int end, ref PacketContext c)
    {
        int headerLength = (chunk[at] & 0x0F) * 4;
        if (chunk[at] >> 4 != 4 || headerLength < HeaderMin)
        {
            c.Refuse(DropReason.BadIpv4Header);
            return 0;
        }

        if (headerLength > end - at)
        {
            c.Refuse(DropReason.Truncated);
            return 0;
        }

        if (!Checksum.IsRight(chunk.Slice(at, headerLength)))
        {
            c.Refuse(DropReason.BadIpv4Checksum);
            return 0;
        }

        Ipv4OptionKinds kinds = Ipv4Options.Scan(chunk.Slice(at + HeaderMin, headerLength - HeaderMin));
        if ((kinds & Ipv4OptionKinds.SourceRoute) != 0)
        {
            c.Refuse(DropReason.SourceRoute);
            return 0;
        }

        return headerLength;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sum20(ReadOnlySpan<byte> header)
    {
        // One's complement sums don't depend on byte order (RFC 1071 section 2), so the words are added as they lie.
        ulong sum = BinaryPrimitives.ReadUInt32LittleEndian(header)
            + (ulong)BinaryPrimitives.ReadUInt32LittleEndian(header[4..])
            + BinaryPrimitives.ReadUInt32LittleEndian(header[8..])
            + BinaryPrimitives.ReadUInt32LittleEndian(header[12..])
            + BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        sum = (sum & 0xFFFFFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (uint)((sum & 0xFFFF) + (sum >> 16));
    }
}
