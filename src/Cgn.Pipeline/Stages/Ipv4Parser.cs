using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Slow;
using Cgn.Wire;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// Reads an IPv4 packet into a context: the checks that no router may skip (RFC 1812 5.2.2), and the flow.
/// </summary>
internal static class Ipv4Parser
{
    private const int HeaderMin = 20;

    /// <summary>Reads the packet that begins at a position of a chunk.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="chunk">The packet's chunk.</param>
    /// <param name="at">First byte of the IPv4 header.</param>
    /// <param name="end">First byte behind the packet's room; padding may follow the packet.</param>
    /// <param name="outbound">The local endpoint is the source, rather than the destination.</param>
    /// <param name="policy">What becomes of options.</param>
    /// <param name="c">Filled in; refused when the packet is none.</param>
    public static void Read(
        FrameStore store, uint chunk, int at, int end, bool outbound, IpOptionsPolicy policy, ref PacketContext c)
    {
        int room = end - at;
        if (room < HeaderMin)
        {
            c.Refuse(DropReason.Truncated);
            return;
        }

        FrameWindow header = store.Window(chunk, at);
        ulong first = header.Read64(0);
        int headerLength = HeaderMin;
        if (first >> 56 != 0x45)
        {
            headerLength = OtherHeader(store.Chunk(chunk), at, end, policy, ref c);
            if (headerLength == 0)
                return;
        }

        ulong second = header.Read64(8);
        uint destination = header.Read32(16);
        int total = (ushort)(first >> 32);
        if (total < headerLength || total > room || (!IsSumRight(first, second, destination)
            && headerLength == HeaderMin))
        {
            c.Refuse(total < headerLength ? DropReason.BadIpv4Header
                : total > room ? DropReason.Truncated : DropReason.BadIpv4Checksum);
            return;
        }

        c.Ipv4At = at;
        c.TransportAt = at + headerLength;
        c.Ipv4Length = total;
        c.Identification = (ushort)(first >> 16);
        c.Tos = (byte)(first >> 48);
        byte ttl = (byte)(second >> 56);
        c.Ttl = ttl;
        c.FragmentField = (ushort)first;
        c.Flow.InternalAddress = outbound ? (uint)second : destination;
        c.Flow.RemoteAddress = outbound ? destination : (uint)second;
        byte protocol = (byte)(second >> 48);
        c.Flow.Protocol = protocol;
        c.Class = ttl <= 1 && !c.Hairpinned ? PacketClass.SlowFlow : PacketClass.Flow;
        ReadTransport(store.Chunk(chunk), outbound, ref c);
    }

    private static void ReadTransport(ReadOnlySpan<byte> chunk, bool outbound, ref PacketContext c)
    {
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

        ReadFlow(chunk.Slice(c.TransportAt, c.Ipv4Length - (c.TransportAt - c.Ipv4At)), outbound, ref c);
    }

    private static void ReadFlow(ReadOnlySpan<byte> transport, bool outbound, ref PacketContext c)
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
                if (transport.Length < 8)
                    c.Refuse(DropReason.BadTransportHeader);
                else
                    ReadPorts(transport, outbound, ref c);
                break;
            case IpProtocol.Icmp:
                ReadIcmp(transport, outbound, ref c);
                break;
            default:
                ReadOther(transport, outbound, ref c);
                break;
        }
    }

    private static void ReadOther(ReadOnlySpan<byte> transport, bool outbound, ref PacketContext c)
    {
        IpProtocol protocol = (IpProtocol)c.Flow.Protocol;
        bool whole = c.Class != PacketClass.Fragment;
        bool isBad = protocol switch
        {
            IpProtocol.UdpLite => transport.Length < 8 || (whole && FlowPorts.IsBadUdpLite(transport)),
            IpProtocol.Dccp => transport.Length < 8 || (whole && FlowPorts.IsBadDccp(transport)),
            _ => false,
        };
        if (isBad)
        {
            c.Refuse(DropReason.BadTransportHeader);
            return;
        }

        FlowPorts.Read(transport, outbound, ref c.Flow);
        // Its connections are followed, which the fast way does for TCP alone.
        if (protocol == IpProtocol.Dccp && whole)
            c.Class = PacketClass.SlowFlow;
    }

    private static bool BadDataOffset(ReadOnlySpan<byte> transport, PacketClass packetClass)
    {
        int headerLength = (transport[12] >> 4) * 4;
        return headerLength < 20 || headerLength > transport.Length && packetClass != PacketClass.Fragment;
    }

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
                if (c.Class == PacketClass.Fragment)
                    c.Flow.RemotePort = (ushort)IcmpType.EchoRequest;
                else
                    c.Class = PacketClass.Echo;
                break;
            case IcmpType.EchoRequest:
            case IcmpType.TimestampRequest when outbound:
            case IcmpType.EchoReply when !outbound:
            case IcmpType.TimestampReply when !outbound:
                break;
            case IcmpType.EchoReply or IcmpType.TimestampReply when c.Class != PacketClass.Fragment:
                // Only who is reached untranslated has anything to reply to.
                c.Class = PacketClass.Echo;
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

    private static int OtherHeader(
        ReadOnlySpan<byte> chunk, int at, int end, IpOptionsPolicy policy, ref PacketContext c)
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
        DropReason refusal = RefusalOf(kinds, policy);
        if (refusal == DropReason.None)
            return headerLength;
        c.Refuse(refusal);
        return 0;
    }

    private static DropReason RefusalOf(Ipv4OptionKinds kinds, IpOptionsPolicy policy)
    {
        if ((kinds & Ipv4OptionKinds.SourceRoute) != 0)
            return DropReason.SourceRoute;
        bool isRefused = policy switch
        {
            IpOptionsPolicy.Pass => false,
            IpOptionsPolicy.DropRecording => (kinds & Ipv4OptionKinds.Recording) != 0,
            _ => kinds != Ipv4OptionKinds.None,
        };
        return isRefused ? DropReason.IpOption : DropReason.None;
    }

    // The one's complement sum of all words is all ones (RFC 1071 section 1) when the sum of the same bytes taken as
    // larger words is a multiple of 65,535, which is asked without a division: x is a multiple of the odd number d if
    // and only if x times d's inverse modulo 2^64 is at most (2^64 - 1) / d.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsSumRight(ulong first, ulong second, uint third)
    {
        const ulong Inverse = 0xFFFE_FFFE_FFFE_FFFF;
        const ulong Most = 0x0001_0001_0001_0001;
        ulong sum = (first >> 32) + (uint)first + (second >> 32) + (uint)second + third;
        return sum * Inverse <= Most;
    }
}
