using System;

using Cgn.Testing;

using Xunit;

namespace Cgn.Wire.Tests.Icmp;

public sealed class EmbeddedPacketViewTests
{
    [Fact]
    public void Header_and_eight_bytes_are_enough()
    {
        byte[] packet = Golden.TcpData;
        for (int length = 0; length <= packet.Length; length++)
        {
            bool open = EmbeddedPacketView.TryOpen(
                packet.AsSpan(0, length), out EmbeddedPacketView view, out WireRefusal refusal);
            Assert.Equal(length >= 28, open);
            Assert.Equal(open ? WireRefusal.None : WireRefusal.TooShort, refusal);
            if (!open)
                continue;
            Assert.Equal((40000, 443), (view.SourcePort, view.DestinationPort));
            Assert.Equal((packet.Length, true), (view.TotalLength, view.IsHeaderChecksumRight));
            Assert.Equal(length >= 38, view.HasTransportChecksum);
            view.TransportChecksum = view.TransportChecksum;
        }
    }

    [Fact]
    [Requirement("RFC5508-REQ-3b")]
    public void Options_of_every_length_are_skipped()
    {
        for (int words = 0; words <= 10; words++)
        {
            byte[] options = new byte[words * 4];
            Array.Fill(options, (byte)1);
            byte[] packet = Golden.Ipv4(IpProtocol.Udp, Golden.Udp(1111, 2222, []), options);
            Assert.True(EmbeddedPacketView.TryOpen(packet, out EmbeddedPacketView view, out _));
            Assert.Equal((1111, 2222), (view.SourcePort, view.DestinationPort));
            Assert.Equal((20 + words * 4, true), (view.TransportOffset, view.IsHeaderChecksumRight));
            Assert.False(EmbeddedPacketView.TryOpen(packet.AsSpan(0, packet.Length - 1), out _, out _));
        }
    }

    [Theory]
    [InlineData(IpProtocol.Tcp, 16)]
    [InlineData(IpProtocol.Udp, 6)]
    [InlineData(IpProtocol.UdpLite, 6)]
    [InlineData(IpProtocol.Dccp, 6)]
    [InlineData(IpProtocol.Icmp, 2)]
    [InlineData(IpProtocol.Sctp, -1)]
    [InlineData(IpProtocol.Gre, -1)]
    public void The_checksum_stands_where_the_transport_has_it(IpProtocol protocol, int offset)
    {
        byte[] packet = Golden.Ipv4(protocol, new byte[20]);
        Assert.True(EmbeddedPacketView.TryOpen(packet, out EmbeddedPacketView view, out _));
        view.TransportChecksum = 0xABCD;
        Assert.Equal(offset >= 0, view.HasTransportChecksum);
        Assert.Equal(offset >= 0 ? 0xABCD : 0, view.TransportChecksum);
        byte[] expected = new byte[20];
        if (offset >= 0)
            (expected[offset], expected[offset + 1]) = (0xAB, 0xCD);
        Assert.Equal(expected, packet[20..]);
    }

    [Fact]
    public void A_quoted_query_has_its_identifier()
    {
        Assert.True(EmbeddedPacketView.TryOpen(Golden.EchoRequest, out EmbeddedPacketView view, out _));
        Assert.Equal((IpProtocol.Icmp, IcmpType.EchoRequest, 7), (view.Protocol, view.IcmpType, view.IcmpIdentifier));
        view.IcmpIdentifier = 9;
        Assert.Equal(9, view.IcmpIdentifier);
    }

    [Fact]
    public void A_quoted_later_fragment_has_no_ports_and_no_checksum()
    {
        byte[] packet = Golden.UdpPacket;
        packet[7] = 1;
        Assert.True(EmbeddedPacketView.TryOpen(packet, out EmbeddedPacketView view, out _));
        Assert.False(view.IsFirstFragment);
        Assert.False(view.HasTransportChecksum);
    }

    [Fact]
    [Requirement("RFC5508-REQ-3a")]
    public void A_wrong_header_checksum_is_seen_but_opens()
    {
        byte[] packet = Golden.UdpPacket;
        packet[8]--;
        Assert.True(EmbeddedPacketView.TryOpen(packet, out EmbeddedPacketView view, out _));
        Assert.False(view.IsHeaderChecksumRight);
    }

    [Fact]
    public void Total_length_is_not_believed_and_version_and_header_length_are_checked()
    {
        byte[] packet = Golden.UdpPacket;
        (packet[2], packet[3]) = (0, 0);
        Assert.True(EmbeddedPacketView.TryOpen(packet, out EmbeddedPacketView view, out _));
        Assert.Equal(packet.Length - 20, view.Transport.Length);
        packet[0] = 0x44;
        Assert.False(EmbeddedPacketView.TryOpen(packet, out _, out WireRefusal refusal));
        Assert.Equal(WireRefusal.BadHeaderLength, refusal);
        packet[0] = 0x65;
        Assert.False(EmbeddedPacketView.TryOpen(packet, out _, out refusal));
        Assert.Equal(WireRefusal.BadVersion, refusal);
    }

    [Fact]
    public void Setters_restore_the_original_endpoint()
    {
        byte[] packet = Golden.UdpPacket;
        Assert.True(EmbeddedPacketView.TryOpen(packet, out EmbeddedPacketView view, out _));
        view.Source = new Ipv4Address(0x01020304);
        view.Destination = new Ipv4Address(0x05060708);
        view.SourcePort = 0x1112;
        view.DestinationPort = 0x2122;
        view.HeaderChecksum = 0x3132;
        Assert.Equal("31320102030405060708" + "11122122", Convert.ToHexStringLower(packet.AsSpan(10, 14)));
        Assert.Equal((0x01020304u, 0x05060708u), (view.Source.Value, view.Destination.Value));
        Assert.True(view.DontFragment);
    }
}
