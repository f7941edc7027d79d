using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;

using Cgn.Wire;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// Makes templates: a UDP packet whose payload is the number of its session and then zeros, with both checksums right.
/// </summary>
internal static class TemplateMaker
{
    private const byte Ttl = 64;

    /// <summary>Makes one.</summary>
    /// <param name="number">Number of the session.</param>
    /// <param name="source">Source address, host order.</param>
    /// <param name="sourcePort">Source port.</param>
    /// <param name="destination">Destination address, host order.</param>
    /// <param name="destinationPort">Destination port.</param>
    /// <param name="length">Bytes of the IPv4 packet, at least 32.</param>
    /// <param name="b4High">Upper half of the softwire's source, host order; 0 for none.</param>
    public static FlowTemplate Make(
        uint number, uint source, ushort sourcePort, uint destination, ushort destinationPort, int length, ulong b4High)
    {
        Span<byte> head = stackalloc byte[FrameLayout.HeadBytes];
        Ipv4Header header = new()
        {
            PayloadLength = length - Ipv4Header.Size,
            Identification = (ushort)number,
            DontFragment = true,
            Ttl = Ttl,
            Protocol = IpProtocol.Udp,
            Source = new Ipv4Address(source),
            Destination = new Ipv4Address(destination),
        };
        header.Write(head);
        Span<byte> datagram = head[Ipv4Header.Size..];
        new UdpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            PayloadLength = length - Ipv4Header.Size - UdpHeader.Size,
        }.Write(datagram);
        BinaryPrimitives.WriteUInt32BigEndian(head[FrameLayout.NumberAt..], number);
        ushort pseudoHeader = Checksum.PseudoHeader(
            header.Source, header.Destination, IpProtocol.Udp, length - Ipv4Header.Size);
        Checksum.FillUdp(datagram, pseudoHeader);
        return Template(head, b4High);
    }

    /// <summary>
    /// Makes a datagram in two IPv4 fragments that carry the same number of bytes (RFC 791 2.3). The rest begins with
    /// the number of its session too.
    /// </summary>
    /// <param name="number">Number of the session.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="length">Bytes of each IPv4 packet, at least 46; the largest that fits carries a multiple of
    /// 8.</param>
    /// <param name="b4High">Upper half of the softwire's source, host order; 0 for none.</param>
    public static (FlowTemplate First, FlowTemplate Later) MakeFragments(
        uint number, Endpoint source, Endpoint destination, int length, ulong b4High)
    {
        Span<byte> head = stackalloc byte[FrameLayout.HeadBytes];
        int part = (length - Ipv4Header.Size) & ~7;
        Ipv4Header header = new()
        {
            PayloadLength = part,
            Identification = (ushort)number,
            MoreFragments = true,
            Ttl = Ttl,
            Protocol = IpProtocol.Udp,
            Source = new Ipv4Address(source.Address),
            Destination = new Ipv4Address(destination.Address),
        };
        header.Write(head);
        // All that is not zero in the whole datagram: the sum does not mind where, as long as it is at an even place.
        Span<byte> datagram = stackalloc byte[UdpHeader.Size + (2 * sizeof(uint))];
        new UdpHeader
        {
            SourcePort = source.Port,
            DestinationPort = destination.Port,
            PayloadLength = (2 * part) - UdpHeader.Size,
        }.Write(datagram);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[UdpHeader.Size..], number);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[(UdpHeader.Size + sizeof(uint))..], number);
        Checksum.FillUdp(
            datagram, Checksum.PseudoHeader(header.Source, header.Destination, IpProtocol.Udp, 2 * part));
        datagram[..(UdpHeader.Size + sizeof(uint))].CopyTo(head[Ipv4Header.Size..]);
        FlowTemplate first = Template(head, b4High);

        head.Clear();
        (header with { MoreFragments = false, FragmentOffsetBytes = part }).Write(head);
        BinaryPrimitives.WriteUInt32BigEndian(head[Ipv4Header.Size..], number);
        return (first, Template(head, b4High));
    }

    private static FlowTemplate Template(ReadOnlySpan<byte> head, ulong b4High) => new()
    {
        B4High = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(b4High) : b4High,
        Head = Vector256.Create(head),
    };
}
