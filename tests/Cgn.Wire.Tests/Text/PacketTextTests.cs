using System;

using Xunit;

namespace Cgn.Wire.Tests.Text;

public sealed class PacketTextTests
{
    [Theory]
    [InlineData("softwire tcp behind options", """
        Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 type 0x86dd
          IPv6 2001:db8:0:1::1 > 2001:db8:ffff::1 DestinationOptions length 56 hops 63 class 0x2e flow 0xabcde
            IPv4 10.0.0.1 > 198.51.100.1 Tcp length 48 ttl 64 id 4660 DF
              TCP 40000 > 443 [Syn] seq 16909060 ack 84281096 win 64206 data 0 mss 1460 scale 7
        """)]
    [InlineData("icmp error with extension", """
        Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 type 0x0800
          IPv4 10.0.0.1 > 198.51.100.1 Icmp length 168 ttl 64 id 4660 DF
            ICMP TimeExceeded code 0 mtu 0 pointer 0 extensions 12
              quoted IPv4 10.0.0.1 > 198.51.100.1 Udp 1000 > 2000 DF
        """)]
    [InlineData("udp, two tags", """
        Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 type 0x0800 vlan 10.20
          IPv4 10.0.0.1 > 198.51.100.1 Udp length 61 ttl 64 id 4660 DF
            UDP 1000 > 2000 length 41
        """)]
    [InlineData("icmpv6 too big", """
        Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 type 0x86dd
          IPv6 2001:db8:0:1::1 > 2001:db8:ffff::1 Icmpv6 length 121 hops 63 class 0x2e flow 0xabcde
            ICMPv6 PacketTooBig code 0 value 1280
              quoted IPv6 2001:db8:0:1::1 > 2001:db8:ffff::1 Upper Ipv4 at 40
                quoted IPv4 10.0.0.1 > 198.51.100.1 Tcp 40000 > 443 DF
        """)]
    [InlineData("pptp", """
        Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 type 0x0800
          IPv4 10.0.0.1 > 198.51.100.1 Gre length 38 ttl 64 id 4660 DF
            GRE version 1 type 0x880b key 0x00021234 call 4660 data 2
        """)]
    public void Each_layer_gets_a_line(string name, string text) =>
        Assert.Equal(text.ReplaceLineEndings("\n"), PacketText.OfFrame(Golden.Named(name)));

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void No_golden_frame_is_refused_or_wrong_unless_it_is_a_part(string name)
    {
        string text = PacketText.OfFrame(Golden.Named(name));
        bool part = name == "softwire first fragment";
        Assert.Equal(part, text.Contains("IPv4 refused: Truncated in 48 bytes", StringComparison.Ordinal));
        Assert.Equal(part, text.Contains("refused", StringComparison.Ordinal));
        Assert.DoesNotContain("BAD", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_checksum_and_a_refusal_are_shown()
    {
        byte[] packet = Golden.UdpPacket;
        packet[^1] ^= 1;
        Assert.EndsWith("BAD CHECKSUM", PacketText.OfPacket(packet), StringComparison.Ordinal);
        Assert.Equal("IPv4 refused: Truncated in 60 bytes", PacketText.OfPacket(packet.AsSpan(0, 60)));
        Assert.Equal("Ethernet refused: TooShort in 0 bytes", PacketText.OfFrame([]));
    }

    [Fact]
    public void A_datagram_shorter_than_its_packet_is_verified_by_its_own_length()
    {
        byte[] packet = Golden.Ipv4(IpProtocol.Udp, [.. Golden.Udp(1, 2, [3]), 0, 0, 0]);
        Assert.DoesNotContain("BAD", PacketText.OfPacket(packet), StringComparison.Ordinal);
    }

    [Fact]
    public void Tunnels_in_tunnels_come_to_an_end()
    {
        byte[] packet = Golden.UdpPacket;
        for (int depth = 0; depth < 40; depth++)
            packet = Golden.Ipv4(IpProtocol.Ipv4, packet);
        Assert.EndsWith("...", PacketText.OfPacket(packet), StringComparison.Ordinal);
    }
}
