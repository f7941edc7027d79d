using System;

using Xunit;

namespace Cgn.Wire.Tests.Internet;

public sealed class Ipv6ViewTests
{
    [Fact]
    public void All_fields_are_read_from_their_bits()
    {
        byte[] packet = Golden.Ipv6(IpProtocol.Ipv4, [1, 2, 3]);
        Assert.True(Ipv6View.TryOpen([.. packet, 9, 9], out Ipv6View view, out _));
        Assert.Equal((0x2E, 0xABCDEu, 3), (view.TrafficClass, view.FlowLabel, view.PayloadLength));
        Assert.Equal((IpProtocol.Ipv4, 63), (view.NextHeader, view.HopLimit));
        Assert.Equal((Golden.B4, Golden.Aftr), (view.Source, view.Destination));
        Assert.Equal([1, 2, 3], view.Payload.ToArray());
        Assert.Equal(packet, view.Packet.ToArray());
    }

    [Fact]
    public void Traffic_class_and_flow_label_do_not_touch_each_other()
    {
        byte[] packet = Golden.Ipv6(IpProtocol.Ipv4, []);
        Assert.True(Ipv6View.TryOpen(packet, out Ipv6View view, out _));
        view.TrafficClass = 0xFF;
        Assert.Equal((0xFF, 0xABCDEu), (view.TrafficClass, view.FlowLabel));
        view.FlowLabel = 0xFFF1_2345;
        view.TrafficClass = 0x01;
        Assert.Equal((0x01, 0x12345u), (view.TrafficClass, view.FlowLabel));
        Assert.Equal(6, packet[0] >> 4);
    }

    [Fact]
    public void Setters_write_their_own_bytes_only()
    {
        byte[] packet = new byte[40];
        packet[0] = 0x60;
        Assert.True(Ipv6View.TryOpen(packet, out Ipv6View view, out _));
        view.PayloadLength = 0x1112;
        view.NextHeader = (IpProtocol)0x22;
        view.HopLimit = 0x33;
        view.Source = new Ipv6Address(0x4041_4243_4445_4647, 0x5051_5253_5455_5657);
        view.Destination = new Ipv6Address(0x6061_6263_6465_6667, 0x7071_7273_7475_7677);
        Assert.Equal(
            "6000000011122233404142434445464750515253545556576061626364656667" + "7071727374757677",
            Convert.ToHexStringLower(packet));
        Assert.Equal(0, view.Payload.Length);
    }

    [Fact]
    public void Every_truncation_is_refused_and_a_quote_may_end_anywhere_behind_the_header()
    {
        byte[] packet = Golden.Ipv6(IpProtocol.Ipv4, Golden.UdpPacket);
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.False(Ipv6View.TryOpen(packet.AsSpan(0, length), out _, out WireRefusal refusal));
            Assert.Equal(length < 40 ? WireRefusal.TooShort : WireRefusal.Truncated, refusal);
            Assert.Equal(length >= 40, Ipv6View.TryOpenQuoted(packet.AsSpan(0, length), out _, out _));
        }
    }

    [Fact]
    public void Other_versions_are_refused()
    {
        byte[] packet = Golden.Ipv6(IpProtocol.Ipv4, []);
        for (int version = 0; version < 16; version++)
        {
            packet[0] = (byte)(version << 4);
            Assert.Equal(version == 6, Ipv6View.TryOpen(packet, out _, out WireRefusal refusal));
            Assert.Equal(version == 6 ? WireRefusal.None : WireRefusal.BadVersion, refusal);
        }
    }

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(0, true, false)]
    [InlineData(48, false, false)]
    [InlineData(65528, true, false)]
    public void A_fragment_header_is_written_and_read(int offset, bool more, bool atomic)
    {
        byte[] packet = Golden.Fragment(offset, more, [1, 2]);
        Assert.True(Ipv6FragmentView.TryOpen(packet.AsSpan(40), out Ipv6FragmentView view, out _));
        Assert.Equal((offset, more, atomic), (view.FragmentOffsetBytes, view.MoreFragments, view.IsAtomic));
        Assert.Equal((0xDEADBEEF, IpProtocol.Ipv4), (view.Identification, view.NextHeader));
        Assert.Equal([1, 2], view.Payload.ToArray());
        Assert.Equal(0, packet[41]);
        Assert.False(Ipv6FragmentView.TryOpen(packet.AsSpan(40, 7), out _, out WireRefusal refusal));
        Assert.Equal(WireRefusal.TooShort, refusal);
    }
}
