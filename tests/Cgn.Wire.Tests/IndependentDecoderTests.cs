using System;
using System.Linq;

using PacketDotNet;

using Xunit;

namespace Cgn.Wire.Tests;

/// <summary>What our writers write, another decoder reads as the same values and finds the checksums right.</summary>
public sealed class IndependentDecoderTests
{
    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Another_decoder_reads_the_same_ends_and_right_checksums(string name)
    {
        byte[] frame = Golden.Named(name);
        EthernetPacket ethernet = Packet.ParsePacket(LinkLayers.Ethernet, frame).Extract<EthernetPacket>();
        Assert.Equal("020000000001", ethernet.SourceHardwareAddress.ToString());
        Assert.Equal("020000000002", ethernet.DestinationHardwareAddress.ToString());
        if (ethernet.Extract<IPv6Packet>() is { } ipv6)
        {
            Assert.Equal(
                (Golden.B4.ToString(), Golden.Aftr.ToString(), 0x2E, 0xABCDE, 63),
                (ipv6.SourceAddress.ToString(), ipv6.DestinationAddress.ToString(), ipv6.TrafficClass, ipv6.FlowLabel,
                    ipv6.HopLimit));
        }

        if (ethernet.Extract<IPv4Packet>() is { } ipv4)
        {
            Assert.True(ipv4.ValidIPChecksum);
            Assert.Equal(
                (Golden.Internal.ToString(), Golden.Remote.ToString(), 64, 0x1234),
                (ipv4.SourceAddress.ToString(), ipv4.DestinationAddress.ToString(), ipv4.TimeToLive, ipv4.Id));
        }
    }

    [Fact]
    public void Another_decoder_finds_tcp_and_udp_right()
    {
        TcpPacket tcp = Decode<TcpPacket>("tcp syn");
        Assert.True(tcp.ValidTcpChecksum);
        Assert.Equal((40000, 443), (tcp.SourcePort, tcp.DestinationPort));
        Assert.Equal((0xFACE, true), (tcp.WindowSize, tcp.Synchronize));
        Assert.True(Decode<TcpPacket>("tcp data").ValidTcpChecksum);
        Assert.True(Decode<TcpPacket>("softwire tcp behind options").ValidTcpChecksum);
        UdpPacket udp = Decode<UdpPacket>("softwire udp");
        Assert.True(udp.ValidUdpChecksum);
        Assert.Equal((1000, 2000, 41), (udp.SourcePort, udp.DestinationPort, udp.Length));
        Assert.True(Decode<UdpPacket>("udp, two tags").ValidUdpChecksum);
    }

    [Fact]
    public void Another_decoder_reads_our_icmp()
    {
        IcmpV4Packet echo = Decode<IcmpV4Packet>("echo");
        Assert.Equal((IcmpV4TypeCode.EchoRequest, 7, 1), (echo.TypeCode, echo.Id, echo.Sequence));
        Assert.True(echo.ValidIcmpChecksum);
        Assert.True(Decode<IcmpV4Packet>("icmp error with extension").ValidIcmpChecksum);
        Assert.True(Decode<IcmpV6Packet>("icmpv6 echo").ValidIcmpChecksum);
        Assert.True(Decode<IcmpV6Packet>("icmpv6 too big").ValidIcmpChecksum);
    }

    private static T Decode<T>(string name)
        where T : Packet => Packet.ParsePacket(LinkLayers.Ethernet, Golden.Named(name)).Extract<T>();
}
