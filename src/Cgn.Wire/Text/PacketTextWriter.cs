using System;
using System.Globalization;
using System.Text;

namespace Cgn.Wire;

/// <summary>Walks a packet through the views and notes a line for each layer.</summary>
internal sealed class PacketTextWriter
{
    // An ICMP error in a softwire about a softwire packet is six layers deep; more is somebody's joke.
    private const int LayersMax = 12;

    private readonly StringBuilder _text = new();
    private int _layer;

    public override string ToString() => _text.ToString();

    public void Frame(Span<byte> bytes)
    {
        if (!EthernetView.TryOpen(bytes, out EthernetView view, out WireRefusal refusal))
        {
            Refused("Ethernet", bytes, refusal);
            return;
        }

        string tags = view.TagCount switch
        {
            0 => "",
            1 => $" vlan {view.OuterVlan}",
            _ => $" vlan {view.OuterVlan}.{view.InnerVlan}",
        };
        Line($"Ethernet {view.Source} > {view.Destination} type 0x{view.EtherType:x4}{tags}");
        if (view.EtherType is EtherTypes.Ipv4 or EtherTypes.Ipv6)
            Packet(view.Payload);
        else
            Data(view.Payload);
    }

    public void Packet(Span<byte> bytes)
    {
        if (!bytes.IsEmpty && bytes[0] >> 4 == 6)
            Ipv6(bytes);
        else
            Ipv4(bytes);
    }

    private void Ipv4(Span<byte> bytes)
    {
        if (!Ipv4View.TryOpen(bytes, out Ipv4View view, out WireRefusal refusal))
        {
            Refused("IPv4", bytes, refusal);
            return;
        }

        string fragment = view.IsFragment
            ? $" fragment {view.FragmentOffsetBytes}{(view.MoreFragments ? "+" : "")}"
            : "";
        Line($"IPv4 {view.Source} > {view.Destination} {view.Protocol} length {view.TotalLength} ttl {view.Ttl}"
            + $" id {view.Identification}{(view.DontFragment ? " DF" : "")}{fragment}"
            + $"{(view.Options.IsEmpty ? "" : $" options {Ipv4Options.Scan(view.Options)}")}"
            + Verdict(view.IsHeaderChecksumRight));
        if (view.FragmentOffsetBytes != 0)
            Data(view.Payload);
        else
            Upper(view.Protocol, view.Payload, view.PseudoHeaderSum(), !view.MoreFragments);
    }

    private void Ipv6(Span<byte> bytes)
    {
        if (!Ipv6View.TryOpen(bytes, out Ipv6View view, out WireRefusal refusal))
        {
            Refused("IPv6", bytes, refusal);
            return;
        }

        Line($"IPv6 {view.Source} > {view.Destination} {view.NextHeader} length {view.PayloadLength}"
            + $" hops {view.HopLimit} class 0x{view.TrafficClass:x2} flow 0x{view.FlowLabel:x5}");
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(view.Packet);
        bool whole = true;
        if (walk.Kind == Ipv6WalkKind.Fragment
            && Ipv6FragmentView.TryOpen(view.Packet[walk.Offset..], out Ipv6FragmentView fragment, out _))
        {
            Line($"Fragment {fragment.FragmentOffsetBytes}{(fragment.MoreFragments ? "+" : "")}"
                + $" id 0x{fragment.Identification:x8} {fragment.NextHeader}");
            if (fragment.FragmentOffsetBytes != 0)
            {
                Data(fragment.Payload);
                return;
            }

            whole = fragment.IsAtomic;
            walk = Ipv6ExtensionWalk.BehindFragment(view.Packet, walk.Offset);
        }

        if (walk.Kind != Ipv6WalkKind.Upper)
        {
            Line($"{walk.Kind} at {walk.Offset} pointer {walk.Pointer} action {walk.OptionAction}");
            return;
        }

        Span<byte> upper = view.Packet[walk.Offset..];
        ushort pseudo = Checksum.PseudoHeader(view.Source, view.Destination, walk.Protocol, upper.Length);
        Upper(walk.Protocol, upper, pseudo, whole);
    }

    private void Upper(IpProtocol protocol, Span<byte> bytes, ushort pseudo, bool whole)
    {
        if (_layer >= LayersMax)
            Line("...");
        else if (protocol is IpProtocol.Ipv4 or IpProtocol.Ipv6)
            Packet(bytes);
        else if (protocol == IpProtocol.Tcp)
            Tcp(bytes, pseudo, whole);
        else if (protocol == IpProtocol.Udp)
            Udp(bytes, pseudo, whole);
        else if (protocol == IpProtocol.Icmp)
            Icmp(bytes, whole);
        else if (protocol == IpProtocol.Icmpv6)
            Icmpv6(bytes, pseudo, whole);
        else if (!PacketTextMinor.TryDescribe(protocol, bytes, out string line, out WireRefusal refusal))
            Refused(protocol.ToString(), bytes, refusal);
        else
            Line(line);
    }

    private void Tcp(Span<byte> bytes, ushort pseudo, bool whole)
    {
        if (!TcpView.TryOpen(bytes, out TcpView view, out WireRefusal refusal))
        {
            Refused("TCP", bytes, refusal);
            return;
        }

        TcpOptions options = view.ReadOptions();
        Line($"TCP {view.SourcePort} > {view.DestinationPort} [{view.Flags}] seq {view.Sequence}"
            + $" ack {view.Acknowledgment} win {view.Window} data {view.Payload.Length}"
            + $"{(options.MssOffset != 0 ? $" mss {options.Mss}" : "")}"
            + $"{(options.HasWindowScale ? $" scale {options.WindowScale}" : "")}"
            + $"{(options.IsMalformed ? " malformed options" : "")}"
            + (whole ? Verdict(Checksum.IsRight(bytes, pseudo)) : ""));
    }

    private void Udp(Span<byte> bytes, ushort pseudo, bool whole)
    {
        bool open = whole
            ? UdpView.TryOpen(bytes, out UdpView view, out WireRefusal refusal)
            : UdpView.TryOpenFirstFragment(bytes, out view, out refusal);
        if (!open)
        {
            Refused("UDP", bytes, refusal);
            return;
        }

        // A datagram shorter than its packet has its own length in the pseudo-header.
        ushort own = Checksum.Fold((ulong)pseudo + (ushort)~bytes.Length + (uint)view.Datagram.Length);
        string verdict = view.Checksum == 0 ? " no checksum"
            : whole ? Verdict(Checksum.IsRight(view.Datagram, own))
            : "";
        Line($"UDP {view.SourcePort} > {view.DestinationPort} length {view.Length}{verdict}");
    }

    private void Icmp(Span<byte> bytes, bool whole)
    {
        if (!IcmpView.TryOpen(bytes, out IcmpView view, out WireRefusal refusal))
        {
            Refused("ICMP", bytes, refusal);
            return;
        }

        string verdict = whole ? Verdict(view.IsChecksumRight) : "";
        if (!view.IsError)
        {
            Line($"ICMP {view.Type} code {view.Code} id {view.Identifier} seq {view.Sequence}"
                + $" data {view.Payload.Length}{verdict}");
            return;
        }

        Line($"ICMP {view.Type} code {view.Code} mtu {view.NextHopMtu} pointer {view.Pointer}"
            + $"{(view.Extensions.IsEmpty ? "" : $" extensions {view.Extensions.Length}")}{verdict}");
        Quote(view.QuotedPacket);
    }

    private void Icmpv6(Span<byte> bytes, ushort pseudo, bool whole)
    {
        if (!Icmpv6View.TryOpen(bytes, out Icmpv6View view, out WireRefusal refusal))
        {
            Refused("ICMPv6", bytes, refusal);
            return;
        }

        string verdict = whole ? Verdict(Checksum.IsRight(bytes, pseudo)) : "";
        string detail = view.IsError ? $"value {view.Mtu}" : $"id {view.Identifier} seq {view.Sequence}";
        Line($"ICMPv6 {view.Type} code {view.Code} {detail}{verdict}");
        if (view.IsError)
            QuoteIpv6(view.QuotedPacket);
    }

    private void QuoteIpv6(Span<byte> bytes)
    {
        if (!Ipv6View.TryOpenQuoted(bytes, out Ipv6View view, out WireRefusal refusal))
        {
            Refused("quoted IPv6", bytes, refusal);
            return;
        }

        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(view.Packet);
        Line($"quoted IPv6 {view.Source} > {view.Destination} {walk.Kind} {walk.Protocol} at {walk.Offset}");
        if (walk.Kind == Ipv6WalkKind.Upper && walk.Protocol == IpProtocol.Ipv4)
            Quote(view.Packet[walk.Offset..]);
    }

    private void Quote(Span<byte> bytes)
    {
        if (!EmbeddedPacketView.TryOpen(bytes, out EmbeddedPacketView view, out WireRefusal refusal))
        {
            Refused("quoted IPv4", bytes, refusal);
            return;
        }

        string key = !view.IsFirstFragment ? "later fragment"
            : view.Protocol == IpProtocol.Icmp ? $"{view.IcmpType} id {view.IcmpIdentifier}"
            : $"{view.SourcePort} > {view.DestinationPort}";
        Line($"quoted IPv4 {view.Source} > {view.Destination} {view.Protocol} {key}"
            + $"{(view.DontFragment ? " DF" : "")}{Verdict(view.IsHeaderChecksumRight)}");
    }

    private static string Verdict(bool right) => right ? "" : " BAD CHECKSUM";

    private void Data(ReadOnlySpan<byte> bytes) => Line($"data {bytes.Length}");

    private void Refused(string what, ReadOnlySpan<byte> bytes, WireRefusal refusal) =>
        Line($"{what} refused: {refusal} in {bytes.Length} bytes");

    private void Line(string line)
    {
        if (_text.Length != 0)
            _text.Append('\n');
        _text.Append(CultureInfo.InvariantCulture, $"{new string(' ', 2 * _layer)}{line}");
        _layer++;
    }
}
