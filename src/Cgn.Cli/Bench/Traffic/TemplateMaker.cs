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
        return new FlowTemplate
        {
            B4High = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(b4High) : b4High,
            Head = Vector256.Create<byte>(head),
        };
    }
}
