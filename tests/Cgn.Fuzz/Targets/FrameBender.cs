using System;

using Cgn.Wire;

namespace Cgn.Fuzz.Targets;

/// <summary>
/// What a hostile network does to frames beyond bending bytes: answers them, and makes their checksums right again.
/// </summary>
internal static class FrameBender
{
    /// <summary>Changes bytes: each pair of the recipe is an offset and what to add there.</summary>
    public static byte[] Bend(byte[] frame, ReadOnlySpan<byte> recipe)
    {
        for (; recipe.Length >= 2; recipe = recipe[2..])
        {
            if (recipe[0] < frame.Length)
                frame[recipe[0]] += recipe[1];
        }

        return frame;
    }

    /// <summary>
    /// The frame as its receiver would answer it: addresses and ports exchanged, a request made a reply.
    /// </summary>
    public static byte[] TurnRound(ReadOnlySpan<byte> frame)
    {
        byte[] answer = frame.ToArray();
        if (!EthernetView.TryOpen(answer, out EthernetView ethernet, out _))
            return answer;
        if (Ipv6View.TryOpen(ethernet.Payload, out Ipv6View outer, out _))
            (outer.Source, outer.Destination) = (outer.Destination, outer.Source);
        if (!Ipv4View.TryOpen(Inner(ethernet.Payload), out Ipv4View ipv4, out _))
            return answer;
        (ipv4.Source, ipv4.Destination) = (ipv4.Destination, ipv4.Source);
        Span<byte> payload = ipv4.Payload;
        if (ipv4.Protocol is IpProtocol.Tcp or IpProtocol.Udp && payload.Length >= 4)
            (payload[0], payload[1], payload[2], payload[3]) = (payload[2], payload[3], payload[0], payload[1]);
        if (ipv4.Protocol is IpProtocol.Icmp && payload.Length >= 8)
            payload[0] = (byte)IcmpType.EchoReply;
        return answer;
    }

    /// <summary>
    /// An error about a frame, from a router on its way: ICMPv6 about a softwire, else ICMP.
    /// </summary>
    /// <param name="about">The frame.</param>
    /// <param name="recipe">Type, code, and the four bytes behind the checksum; what follows bends the quote.</param>
    public static byte[] Report(ReadOnlySpan<byte> about, ReadOnlySpan<byte> recipe)
    {
        byte[] quoted = about.ToArray();
        if (!EthernetView.TryOpen(quoted, out EthernetView ethernet, out _) || recipe.Length < 6)
            return quoted;
        int linkBytes = quoted.Length - ethernet.Payload.Length;
        byte[] quote = Bend(quoted[linkBytes..], recipe[6..]);
        byte[] message =
            [recipe[0], recipe[1], 0, 0, .. recipe[2..6], .. quote.AsSpan(0, Math.Min(quote.Length, 1000))];
        if (Ipv6View.TryOpenQuoted(quote, out Ipv6View outer, out _))
        {
            Ipv6Header header = new()
            {
                PayloadLength = message.Length,
                NextHeader = IpProtocol.Icmpv6,
                HopLimit = 64,
                Source = new Ipv6Address(0x20010DB8_AAAA0000, 1),
                Destination = outer.Source,
            };
            Checksum.FillIcmpv6(
                message, Checksum.PseudoHeader(header.Source, header.Destination, IpProtocol.Icmpv6, message.Length));
            byte[] packet = new byte[Ipv6Header.Size];
            header.Write(packet);
            return [.. quoted.AsSpan(0, linkBytes), .. packet, .. message];
        }

        if (quote.Length < Ipv4Header.Size)
            return quoted;
        Checksum.FillIcmp(message);
        byte[] plain = new byte[Ipv4Header.Size];
        new Ipv4Header
        {
            PayloadLength = message.Length,
            Ttl = 64,
            Protocol = IpProtocol.Icmp,
            Source = new Ipv4Address(0xC6120009),
            Destination = Ipv4Address.Read(quote.AsSpan(12)),
        }.Write(plain);
        return [.. quoted.AsSpan(0, linkBytes), .. plain, .. message];
    }

    /// <summary>Makes the checksums of the (inner) IPv4 packet right, as far as there is one.</summary>
    public static void MendChecksums(byte[] frame)
    {
        if (!EthernetView.TryOpen(frame, out EthernetView ethernet, out _)
            || !Ipv4View.TryOpen(Inner(ethernet.Payload), out Ipv4View ipv4, out _))
            return;
        ipv4.FillHeaderChecksum();
        Span<byte> payload = ipv4.Payload;
        ushort pseudo = Checksum.PseudoHeader(ipv4.Source, ipv4.Destination, ipv4.Protocol, payload.Length);
        switch (ipv4.Protocol)
        {
            case IpProtocol.Tcp when payload.Length >= TcpHeader.Size:
                Checksum.FillTcp(payload, pseudo);
                break;
            case IpProtocol.Udp when payload.Length >= UdpHeader.Size:
                Checksum.FillUdp(payload, pseudo);
                break;
            case IpProtocol.Icmp when payload.Length >= IcmpHeader.Size:
                Checksum.FillIcmp(payload);
                break;
            default:
                break;
        }
    }

    private static Span<byte> Inner(Span<byte> packet)
    {
        if (!Ipv6View.TryOpen(packet, out Ipv6View outer, out _))
            return packet;
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(outer.Packet);
        return walk.Offset <= outer.Packet.Length ? outer.Packet[walk.Offset..] : packet;
    }
}
