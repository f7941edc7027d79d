using System;

using Cgn.Testing;

using Xunit;

namespace Cgn.Wire.Tests.Internet;

public sealed class Ipv4ViewTests
{
    [Fact]
    public void All_fields_are_read_from_their_bits()
    {
        byte[] packet = Golden.Ipv4(IpProtocol.Udp, [1, 2, 3, 4], [7, 3, 4, 0]);
        Assert.True(Ipv4View.TryOpen(packet, out Ipv4View view, out _));
        Assert.Equal((24, 28), (view.HeaderLength, view.TotalLength));
        Assert.Equal([7, 3, 4, 0], view.Options.ToArray());
        Assert.Equal([1, 2, 3, 4], view.Payload.ToArray());
        Assert.Equal((0x1234, 64, IpProtocol.Udp), (view.Identification, view.Ttl, view.Protocol));
        Assert.Equal((Golden.Internal, Golden.Remote), (view.Source, view.Destination));
        Assert.True(view.DontFragment && !view.IsFragment && view.IsHeaderChecksumRight);
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0, true, true)]
    [InlineData(8, false, true)]
    [InlineData(65528, true, true)]
    public void A_fragment_has_an_offset_or_more_to_come(int offset, bool more, bool fragment)
    {
        byte[] packet = Golden.Dirty(28);
        new Ipv4Header { PayloadLength = 8, FragmentOffsetBytes = offset, MoreFragments = more }.Write(packet);
        Assert.True(Ipv4View.TryOpen(packet, out Ipv4View view, out _));
        Assert.Equal((offset, more, fragment), (view.FragmentOffsetBytes, view.MoreFragments, view.IsFragment));
        Assert.False(view.DontFragment);
        Assert.True(view.IsHeaderChecksumRight);
    }

    [Fact]
    [Requirement("RFC1812-S5.2.2-1")]
    public void The_five_malformed_headers_are_refused_each_with_its_reason()
    {
        Assert.Equal(WireRefusal.TooShort, Refusal(packet => packet[..19]));
        Assert.Equal(WireRefusal.BadChecksum, Refusal(packet => Changed(packet, 8, 63)));
        Assert.Equal(WireRefusal.BadVersion, Refusal(packet => Changed(packet, 0, 0x55)));
        for (int words = 0; words < 5; words++)
            Assert.Equal(WireRefusal.BadHeaderLength, Refusal(packet => Changed(packet, 0, (byte)(0x40 | words))));
        for (int total = 0; total < 20; total++)
            Assert.Equal(WireRefusal.BadTotalLength, Refusal(packet => Changed(packet, 3, (byte)total)));
        Assert.Equal(WireRefusal.None, Refusal(packet => packet));
    }

    [Fact]
    [Requirement("RFC1812-S5.2.2-1")]
    public void A_header_longer_than_the_packet_is_refused() =>
        Assert.Equal(WireRefusal.BadTotalLength, Refusal(packet => Changed(Changed(packet, 0, 0x4F), 3, 59)));

    [Fact]
    [Requirement("RFC1812-S5.2.2-2")]
    public void A_total_length_beyond_the_bytes_is_truncation()
    {
        byte[] packet = Golden.UdpPacket;
        for (int length = 20; length < packet.Length; length++)
        {
            Assert.False(Ipv4View.TryOpen(packet.AsSpan(0, length), out _, out WireRefusal refusal));
            Assert.Equal(WireRefusal.Truncated, refusal);
        }
    }

    [Fact]
    [Requirement("RFC1812-S5.2.2-2")]
    public void Link_padding_is_cut_off()
    {
        byte[] packet = Golden.UdpPacket;
        Assert.True(Ipv4View.TryOpen([.. packet, 0, 0, 0, 0, 0], out Ipv4View view, out _));
        Assert.Equal(packet, view.Packet.ToArray());
    }

    [Fact]
    public void A_field_that_changes_afterwards_does_not_move_the_view()
    {
        byte[] packet = Golden.UdpPacket;
        Assert.True(Ipv4View.TryOpen(packet, out Ipv4View view, out _));
        view.TotalLength = 0xFFFF;
        packet[0] = 0x4F;
        Assert.Equal((packet.Length - 20, 0), (view.Payload.Length, view.Options.Length));
    }

    [Fact]
    public void Setters_write_their_own_bytes_only()
    {
        byte[] packet = new byte[20];
        (packet[0], packet[3]) = (0x45, 20);
        Assert.True(Ipv4View.TryOpen(packet, out Ipv4View view, out _));
        view.TrafficClass = 0x11;
        view.TotalLength = 0x2223;
        view.Identification = 0x3334;
        view.FlagsAndOffset = 0x4445;
        view.Ttl = 0x55;
        view.Protocol = (IpProtocol)0x66;
        view.HeaderChecksum = 0x7778;
        view.Source = new Ipv4Address(0x8889_8A8B);
        view.Destination = new Ipv4Address(0x999A_9B9C);
        Assert.Equal("4511222333344445556677788889" + "8a8b999a9b9c", Convert.ToHexStringLower(packet));
    }

    [Fact]
    public void Decrementing_ttl_keeps_the_checksum_right_for_every_ttl()
    {
        byte[] packet = Golden.UdpPacket;
        Assert.True(Ipv4View.TryOpen(packet, out Ipv4View view, out _));
        for (int ttl = 255; ttl > 0; ttl--)
        {
            view.Ttl = (byte)ttl;
            view.FillHeaderChecksum();
            view.DecrementTtl();
            Assert.Equal(ttl - 1, view.Ttl);
            Assert.True(view.IsHeaderChecksumRight);
        }
    }

    [Theory]
    [InlineData("", Ipv4OptionKinds.None)]
    [InlineData("01010100", Ipv4OptionKinds.None)]
    [InlineData("0083030100000000", Ipv4OptionKinds.None)]
    [InlineData("94040000", Ipv4OptionKinds.Other)]
    [InlineData("830b04c0000201c000020200", Ipv4OptionKinds.SourceRoute)]
    [InlineData("0101018903040100", Ipv4OptionKinds.SourceRoute)]
    [InlineData("8300000000000000", Ipv4OptionKinds.Malformed)]
    [InlineData("07010000", Ipv4OptionKinds.Malformed)]
    [InlineData("94040000070c0400", Ipv4OptionKinds.Other | Ipv4OptionKinds.Malformed)]
    [InlineData("01010107", Ipv4OptionKinds.Malformed)]
    [Requirement("RFC1812-S4.2.2.1")]
    public void Options_are_told_apart(string hex, Ipv4OptionKinds kinds) =>
        Assert.Equal(kinds, Ipv4Options.Scan(Convert.FromHexString(hex)));

    private static WireRefusal Refusal(Func<byte[], byte[]> bend)
    {
        Ipv4View.TryOpenVerified(bend(Golden.UdpPacket), out _, out WireRefusal refusal);
        return refusal;
    }

    private static byte[] Changed(byte[] packet, int at, byte value)
    {
        packet[at] = value;
        return packet;
    }
}
