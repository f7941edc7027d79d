using System;
using System.Net;

using PacketDotNet;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>A frame as an independent decoder sees it; every checksum that it carries is verified on the way.</summary>
public sealed class Decoded
{
    public Decoded(byte[] frame)
    {
        Frame = (EthernetPacket)Packet.ParsePacket(LinkLayers.Ethernet, frame);
        Outer = Frame.Extract<IPv6Packet>();
        Ipv4 = Frame.Extract<IPv4Packet>();
        Assert.NotNull(Ipv4);
        Assert.True(Ipv4.ValidIPChecksum, "IPv4 header checksum");
        Udp = Ipv4.PayloadPacket as UdpPacket;
        Tcp = Ipv4.PayloadPacket as TcpPacket;
        Icmp = Ipv4.PayloadPacket as IcmpV4Packet;
        bool whole = Ipv4.FragmentOffset == 0 && (Ipv4.FragmentFlags & 1) == 0;
        if (whole && Udp is { Checksum: not 0 })
            Assert.True(Udp.ValidChecksum, "UDP checksum");
        if (whole && Tcp is not null)
            Assert.True(Tcp.ValidChecksum, "TCP checksum");
        if (whole && Icmp is not null)
            Assert.True(Icmp.ValidIcmpChecksum, "ICMP checksum");
    }

    public EthernetPacket Frame { get; }

    public IPv6Packet? Outer { get; }

    public IPv4Packet Ipv4 { get; }

    public UdpPacket? Udp { get; }

    public TcpPacket? Tcp { get; }

    public IcmpV4Packet? Icmp { get; }

    public string Source => Ipv4.SourceAddress.ToString();

    public string Destination => Ipv4.DestinationAddress.ToString();

    public static bool IsInPool(string address) =>
        (BitConverter.ToUInt32(IPAddress.Parse(address).GetAddressBytes()) & 0xF0FFFFFF)
            == (BitConverter.ToUInt32(IPAddress.Parse("203.0.113.0").GetAddressBytes()) & 0xF0FFFFFF);
}
