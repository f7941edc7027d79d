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
