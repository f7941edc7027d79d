using System;

using Cgn.Cli.Captures;
using Cgn.Wire;

namespace Cgn.Cli.Replay;

/// <summary>
/// What a captured IPv4 packet says about itself. Read here byte by byte, so that the gateway's own parser is not its
/// own judge.
/// </summary>
internal sealed class PacketFacts
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Icmp = 1;
    private const byte Dccp = 33;
    private const byte UdpLite = 136;

    /// <summary>How it is told to belong to a flow.</summary>
    internal PacketKind Kind { get; private set; }

    /// <summary>What is wrong with it.</summary>
    internal HeaderFault Faults { get; private set; }

    /// <summary>Bytes from the IPv4 header to the end of its payload, without link padding.</summary>
    internal int Length { get; private set; }

    /// <summary>Bytes of the IPv4 header.</summary>
    internal int HeaderLength { get; private set; }

    /// <summary>Transport protocol.</summary>
    internal byte Protocol { get; private set; }

    /// <summary>Source address, host order.</summary>
    internal uint Source { get; private set; }

    /// <summary>Destination address.</summary>
    internal uint Destination { get; private set; }

    /// <summary>Source port, or the identifier of an ICMP query; else 0.</summary>
    internal ushort SourcePort { get; private set; }

    /// <summary>Destination port, or the identifier of an ICMP reply; else 0.</summary>
    internal ushort DestinationPort { get; private set; }

    /// <summary>Flags of TCP.</summary>
    internal TcpFlags Flags { get; private set; }

    /// <summary>Identification: what fragments of a packet share.</summary>
    internal ushort Identification { get; private set; }

    /// <summary>Where its payload lies in the whole one, in bytes.</summary>
    internal int FragmentOffset { get; private set; }

    /// <summary>More fragments follow.</summary>
    internal bool MoreFragments { get; private set; }

    /// <summary>May not be fragmented.</summary>
    internal bool DontFragment { get; private set; }

    /// <summary>ICMP type.</summary>
    internal byte IcmpType { get; private set; }

    /// <summary>What an ICMP error quotes; null for all else, and when nothing can be told from it.</summary>
    internal QuoteFacts? Quote { get; private set; }

    /// <summary>Part of a larger packet.</summary>
    internal bool IsFragment => MoreFragments || FragmentOffset != 0;

    /// <summary>Asks for a new TCP connection.</summary>
    internal bool IsSyn => (Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) == TcpFlags.Syn;

    /// <summary>An ICMP message that asks for a reply.</summary>
    internal bool IsRequest => IcmpType is 8 or 13 or 15 or 17;

    /// <summary>Reads a packet.</summary>
    /// <param name="bytes">From the IPv4 header to the end of the frame, at least 20.</param>
    internal static PacketFacts Of(ReadOnlySpan<byte> bytes)
    {
        PacketFacts facts = new()
        {
            HeaderLength = (bytes[0] & 15) * 4,
            Length = NetworkBytes.Read16(bytes, 2),
            Identification = NetworkBytes.Read16(bytes, 4),
            DontFragment = (bytes[6] & 0x40) != 0,
            MoreFragments = (bytes[6] & 0x20) != 0,
            FragmentOffset = (NetworkBytes.Read16(bytes, 6) & 0x1FFF) * 8,
            Protocol = bytes[9],
            Source = NetworkBytes.Read32(bytes, 12),
            Destination = NetworkBytes.Read32(bytes, 16),
        };
        if (bytes[8] <= 1)
            facts.Faults |= HeaderFault.TtlExpired;
        if (bytes[0] >> 4 != 4 || facts.HeaderLength < 20 || facts.Length < facts.HeaderLength)
            facts.Faults |= HeaderFault.Ipv4Header;
        else if (facts.Length > bytes.Length)
            facts.Faults |= HeaderFault.Truncated;
        if ((facts.Faults & (HeaderFault.Ipv4Header | HeaderFault.Truncated)) != 0)
        {
            facts.Length = bytes.Length;
            return facts;
        }

        if (OnesSum.Of(bytes[..facts.HeaderLength]) != 0)
            facts.Faults |= HeaderFault.Ipv4Checksum;
        facts.ReadOptions(bytes[20..facts.HeaderLength]);
        facts.ReadTransport(bytes[facts.HeaderLength..facts.Length]);
        return facts;
    }

    private void ReadOptions(ReadOnlySpan<byte> options)
    {
        const byte LooseRoute = 131;
        const byte StrictRoute = 137;
        while (options.Length > 0 && options[0] != 0)
        {
            if (options[0] == 1)
            {
                options = options[1..];
                continue;
            }

            Faults |= options[0] is LooseRoute or StrictRoute ? HeaderFault.SourceRoute : HeaderFault.None;
            bool fits = options.Length >= 2 && options[1] >= 2 && options[1] <= options.Length;
            Faults |= fits ? HeaderFault.None : HeaderFault.OddOptions;
            options = fits ? options[options[1]..] : default;
        }
    }

    private void ReadTransport(ReadOnlySpan<byte> transport)
    {
        // RFC 1858 and RFC 3128: a fragment that would overwrite the TCP flags, or that is not of whole units but is
        // not the last.
        if (FragmentOffset == 8 && Protocol == Tcp)
            Faults |= HeaderFault.TinyFragment;
        if (FragmentOffset != 0)
        {
            Kind = PacketKind.LaterFragment;
            return;
        }

        if (Protocol == Tcp)
            ReadTcp(transport);
        else if (Protocol == Udp)
            ReadUdp(transport);
        else if (Protocol == Icmp)
            ReadIcmp(transport);
        else if (Protocol is Dccp or UdpLite)
            ReadPorts(transport);
        else
            Kind = PacketKind.Other;
    }

    private void ReadTcp(ReadOnlySpan<byte> segment)
    {
        Kind = PacketKind.Tcp;
        if (segment.Length < 20)
        {
            Faults |= MoreFragments ? HeaderFault.TinyFragment : HeaderFault.TransportCut;
            Kind = segment.Length < 4 ? PacketKind.Malformed : PacketKind.Tcp;
        }

        if (Kind == PacketKind.Malformed)
            return;
        SourcePort = NetworkBytes.Read16(segment, 0);
        DestinationPort = NetworkBytes.Read16(segment, 2);
        if (segment.Length < 20)
            return;
        Flags = (TcpFlags)segment[13];
        int headerLength = (segment[12] >> 4) * 4;
        if (headerLength < 20)
            Faults |= HeaderFault.TransportCut;
        else if (headerLength > segment.Length)
            Faults |= MoreFragments ? HeaderFault.TinyFragment : HeaderFault.TransportCut;
        if (IsSyn && (Flags & TcpFlags.Fin) != 0)
            Faults |= HeaderFault.OddSyn;
    }

    private void ReadUdp(ReadOnlySpan<byte> datagram)
    {
        Kind = datagram.Length < 4 ? PacketKind.Malformed : PacketKind.Udp;
        if (datagram.Length < 8)
            Faults |= MoreFragments ? HeaderFault.TinyFragment : HeaderFault.TransportCut;
        if (Kind == PacketKind.Malformed)
            return;
        SourcePort = NetworkBytes.Read16(datagram, 0);
        DestinationPort = NetworkBytes.Read16(datagram, 2);
        if (datagram.Length < 8)
            return;
        int length = NetworkBytes.Read16(datagram, 4);
        if (length < 8 || (length > datagram.Length && !MoreFragments))
            Faults |= HeaderFault.TransportOdd;
        if (SourcePort == 0 || DestinationPort == 0)
            Faults |= HeaderFault.TransportOdd;
    }

    // Translated as UDP is; what is wrong with them ends them or not.
    private void ReadPorts(ReadOnlySpan<byte> transport)
    {
        Kind = transport.Length < 8 ? PacketKind.Malformed : PacketKind.Udp;
        if (Kind == PacketKind.Malformed)
        {
            Faults |= HeaderFault.TransportCut;
            return;
        }

        SourcePort = NetworkBytes.Read16(transport, 0);
        DestinationPort = NetworkBytes.Read16(transport, 2);
        int coverage = NetworkBytes.Read16(transport, 4);
        bool isOdd = Protocol == UdpLite
            ? coverage is > 0 and < 8 || coverage > transport.Length
            : transport.Length < 12 || transport[4] * 4 < ((transport[8] & 1) == 0 ? 12 : 16)
                || transport[4] * 4 > transport.Length;
        if (isOdd)
            Faults |= HeaderFault.TransportOdd;
    }

    private void ReadIcmp(ReadOnlySpan<byte> message)
    {
        if (message.Length < 8)
        {
            Kind = PacketKind.Malformed;
            Faults |= HeaderFault.TransportCut;
            return;
        }

        IcmpType = message[0];
        switch (IcmpType)
        {
            case 0 or 8 or 13 or 14:
                ReadQuery(message);
                break;
            case 3 or 11 or 12:
                ReadError(message);
                break;
            default:
                Kind = PacketKind.Malformed;
                Faults |= HeaderFault.IcmpUnsupported;
                break;
        }
    }

    private void ReadQuery(ReadOnlySpan<byte> message)
    {
        Kind = PacketKind.Query;
        SourcePort = DestinationPort = NetworkBytes.Read16(message, 4);
    }

    private void ReadError(ReadOnlySpan<byte> message)
    {
        Kind = PacketKind.Error;
        if (OnesSum.Of(message) != 0 && !IsFragment)
            Faults |= HeaderFault.IcmpErrorChecksum;
        Quote = QuoteFacts.Of(message, HeaderLength);
        if (Quote is null)
        {
            Kind = PacketKind.Malformed;
            Faults |= HeaderFault.IcmpQuoteCut;
        }
        else if (!Quote.IsChecksumRight)
        {
            Faults |= HeaderFault.IcmpErrorChecksum;
        }
    }
}
