using System;

using Cgn.Ports.Capture;
using Cgn.Wire;

namespace Cgn.Cli.Captures;

/// <summary>
/// Finds the IPv4 packet in a captured frame of any link type that holds IP: Ethernet with tags, PPP and PPPoE, raw
/// IP, Linux cooked captures, loopback. A softwire packet (IPv4 in IPv6) gives the packet inside: the gateway under
/// test makes its own softwires.
/// </summary>
internal ref struct LinkDecoder
{
    private const ushort TypePppoeSession = 0x8864;
    private const ushort PppIpv4 = 0x0021;
    private const ushort PppIpv6 = 0x0057;
    private const ushort CookedBroadcast = 1;
    private const ushort CookedMulticast = 2;

    private readonly ReadOnlySpan<byte> _frame;

    private LinkDecoder(ReadOnlySpan<byte> frame) => _frame = frame;

    /// <summary>The IPv4 packet with what follows it in the frame.</summary>
    internal ReadOnlySpan<byte> Packet { get; private set; }

    /// <summary>VLAN tags before it.</summary>
    internal ReadOnlySpan<byte> Tags { get; private set; }

    /// <summary>Finds the packet.</summary>
    /// <param name="linkType">What the frame begins with.</param>
    /// <param name="frame">The captured bytes.</param>
    /// <param name="decoder">Where the packet is.</param>
    /// <returns>None, or why there is no packet.</returns>
    internal static SkipReason Decode(CaptureLinkType linkType, ReadOnlySpan<byte> frame, out LinkDecoder decoder)
    {
        decoder = new LinkDecoder(frame);
        return linkType switch
        {
            CaptureLinkType.Ethernet => decoder.Ethernet(),
            CaptureLinkType.LinuxSll => decoder.Cooked(16, 0, 14),
            CaptureLinkType.LinuxSll2 => decoder.Cooked(20, 10, 0),
            CaptureLinkType.Ppp or CaptureLinkType.PppSerial => decoder.Ppp(0),
            CaptureLinkType.PppEther => decoder.Ppp(6),
            CaptureLinkType.RawIp or CaptureLinkType.Ipv4 or CaptureLinkType.Ipv6 => decoder.Raw(0),
            CaptureLinkType.Null or CaptureLinkType.Loop => decoder.Raw(4),
            _ => SkipReason.LinkProtocol,
        };
    }

    private SkipReason Ethernet()
    {
        if (_frame.Length < EthernetView.HeaderSize)
            return SkipReason.TooShort;
        int tags = 0;
        ushort type = NetworkBytes.Read16(_frame, 12);
        while (EtherTypes.IsTag(type))
        {
            tags++;
            int at = 12 + (4 * tags);
            if (_frame.Length < at + 2)
                return SkipReason.TooShort;
            type = NetworkBytes.Read16(_frame, at);
        }

        int start = EthernetView.HeaderSize + (tags * EthernetView.TagSize);
        if (tags > EthernetView.TagsMax)
            return SkipReason.VlanTags;
        Tags = _frame.Slice(12, tags * EthernetView.TagSize);
        SkipReason reason = ByType(type, start);
        MacAddress destination = MacAddress.Read(_frame);
        if (reason != SkipReason.None || !destination.IsMulticast)
            return reason;
        return destination.IsBroadcast ? SkipReason.Broadcast : SkipReason.Multicast;
    }

    private SkipReason Cooked(int headerBytes, int kindAt, int typeAt)
    {
        if (_frame.Length < headerBytes)
            return SkipReason.TooShort;
        int kind = headerBytes == 20 ? _frame[kindAt] : NetworkBytes.Read16(_frame, kindAt);
        SkipReason reason = ByType(NetworkBytes.Read16(_frame, typeAt), headerBytes);
        if (reason != SkipReason.None)
            return reason;
        return kind == CookedBroadcast ? SkipReason.Broadcast
            : kind == CookedMulticast ? SkipReason.Multicast
            : SkipReason.None;
    }

    private SkipReason ByType(ushort type, int start) => type switch
    {
        EtherTypes.Ipv4 => Found(start),
        EtherTypes.Ipv6 => Softwire(start),
        EtherTypes.Arp => SkipReason.Arp,
        TypePppoeSession => Ppp(start + 6),
        _ => SkipReason.LinkProtocol,
    };

    // RFC 1661 section 2 and RFC 1662 3.1: address and control may be left out, and a protocol whose first byte is
    // odd takes one byte.
    private SkipReason Ppp(int start)
    {
        if (_frame.Length < start + 4)
            return SkipReason.TooShort;
        if (_frame[start] == 0x0F && _frame[start + 1] == 0)
            return ByType(NetworkBytes.Read16(_frame, start + 2), start + 4);
        if (_frame[start] == 0xFF && _frame[start + 1] == 0x03)
            start += 2;
        bool isShort = (_frame[start] & 1) != 0;
        ushort protocol = isShort ? _frame[start] : NetworkBytes.Read16(_frame, start);
        start += isShort ? 1 : 2;
        return protocol switch
        {
            PppIpv4 => Found(start),
            PppIpv6 => Softwire(start),
            _ => SkipReason.LinkProtocol,
        };
    }

    private SkipReason Raw(int start)
    {
        if (_frame.Length <= start)
            return SkipReason.TooShort;
        return (_frame[start] >> 4) switch
        {
            4 => Found(start),
            6 => Softwire(start),
            _ => SkipReason.LinkProtocol,
        };
    }

    private SkipReason Found(int start)
    {
        Packet = _frame[start..];
        return SkipReason.None;
    }

    // IPv6 with IPv4 behind it, at once or after destination options (RFC 2473); anything else is native IPv6.
    private SkipReason Softwire(int start)
    {
        ReadOnlySpan<byte> packet = _frame[start..];
        if (packet.Length < Ipv6View.HeaderSize)
            return SkipReason.Ipv6;
        int end = Math.Min(packet.Length, Ipv6View.HeaderSize + NetworkBytes.Read16(packet, 4));
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(packet[..end]);
        if (walk.Kind != Ipv6WalkKind.Upper || walk.Protocol != IpProtocol.Ipv4)
            return SkipReason.Ipv6;
        Packet = packet[walk.Offset..end];
        return SkipReason.None;
    }
}
