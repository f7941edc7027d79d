using System;
using System.Linq;

using Cgn.Testing;

using Xunit;

namespace Cgn.Wire.Tests.Icmp;

public sealed class IcmpViewTests
{
    [Fact]
    public void Every_type_belongs_to_at_most_one_class()
    {
        int[] queries = [8, 13, 15, 17];
        int[] replies = [0, 14, 16, 18];
        int[] errors = [3, 4, 5, 11, 12];
        byte[] message = new byte[8];
        for (int type = 0; type < 256; type++)
        {
            message[0] = (byte)type;
            Assert.True(IcmpView.TryOpen(message, out IcmpView view, out _));
            Assert.Equal(
                (queries.Contains(type), replies.Contains(type), errors.Contains(type)),
                (view.IsQuery, view.IsReply, view.IsError));
        }
    }

    [Fact]
    public void Fields_of_an_echo_are_read_and_written()
    {
        byte[] message = new byte[8 + 2];
        IcmpHeader.EchoRequest(0x1112, 0x2122).Write(message);
        Checksum.FillIcmp(message);
        Assert.True(IcmpView.TryOpen(message, out IcmpView view, out _));
        Assert.Equal((IcmpType.EchoRequest, 0x1112, 0x2122), (view.Type, view.Identifier, view.Sequence));
        Assert.True(view.IsChecksumRight);
        view.Identifier = 0x3132;
        view.Sequence = 0x4142;
        view.Type = IcmpType.EchoReply;
        view.Code = 5;
        view.Checksum = 0x6162;
        Assert.Equal("0005616231324142" + "0000", Convert.ToHexStringLower(message));
        Assert.True(view.QuotedPacket.IsEmpty && view.Extensions.IsEmpty);
    }

    [Fact]
    [Requirement("RFC5508-REQ-3")]
    public void A_flipped_bit_makes_the_checksum_wrong()
    {
        byte[] message = Golden.Icmp(IcmpType.DestinationUnreachable, 3, 0, Golden.UdpPacket);
        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(IcmpView.TryOpen(message, out IcmpView view, out _));
            Assert.False(view.IsChecksumRight);
            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    [Requirement("RFC1191-S4-1")]
    public void The_mtu_is_in_the_low_half_of_the_second_word()
    {
        byte[] message = Golden.Icmp(IcmpType.DestinationUnreachable, 4, 1460, Golden.UdpPacket);
        Assert.True(IcmpView.TryOpen(message, out IcmpView view, out _));
        Assert.Equal(1460, view.NextHopMtu);
        view.NextHopMtu = 1280;
        Assert.Equal([0, 0, 5, 0], message[4..8]);
    }

    [Fact]
    [Requirement("RFC5508-REQ-3d")]
    public void The_length_attribute_parts_quote_and_extensions()
    {
        byte[] packet = Golden.ExtendedError();
        Assert.True(IcmpView.TryOpen(packet.AsSpan(20), out IcmpView view, out _));
        Assert.Equal((128, 128, 12), (view.QuoteLengthBytes, view.QuotedPacket.Length, view.Extensions.Length));
        Assert.Equal(0x20, view.Extensions[0]);
        Assert.True(EmbeddedPacketView.TryOpen(view.QuotedPacket, out EmbeddedPacketView quote, out _));
        Assert.True(quote.IsHeaderChecksumRight);
    }

    [Fact]
    public void A_length_attribute_beyond_the_message_counts_as_all_of_it()
    {
        byte[] message = Golden.Icmp(IcmpType.TimeExceeded, 0, 0, Golden.UdpPacket);
        for (int words = 0; words < 256; words++)
        {
            message[5] = (byte)words;
            Assert.True(IcmpView.TryOpen(message, out IcmpView view, out _));
            int quoted = words == 0 ? Golden.UdpPacket.Length : Math.Min(words * 4, Golden.UdpPacket.Length);
            Assert.Equal(quoted, view.QuotedPacket.Length);
            Assert.Equal(Golden.UdpPacket.Length - quoted, view.Extensions.Length);
        }
    }

    [Fact]
    public void A_redirect_has_an_address_where_others_have_a_length()
    {
        byte[] message = Golden.Icmp(IcmpType.Redirect, 1, 0x0A01_0203, Golden.UdpPacket);
        Assert.True(IcmpView.TryOpen(message, out IcmpView view, out _));
        Assert.Equal(Golden.UdpPacket, view.QuotedPacket.ToArray());
    }

    [Fact]
    public void Icmpv6_errors_quote_with_lengths_in_eights()
    {
        byte[] message = Golden.Dirty(8 + 160);
        message[0] = (byte)Icmpv6Type.TimeExceeded;
        message[4] = 16;
        Assert.True(Icmpv6View.TryOpen(message, out Icmpv6View view, out _));
        Assert.True(view.IsError);
        Assert.Equal(128, view.QuotedPacket.Length);
        message[4] = 255;
        Assert.Equal(160, view.QuotedPacket.Length);
        message[0] = (byte)Icmpv6Type.PacketTooBig;
        view.Mtu = 1280;
        Assert.Equal((1280u, 1280u, 160), (view.Mtu, view.Pointer, view.QuotedPacket.Length));
        message[0] = (byte)Icmpv6Type.EchoRequest;
        Assert.True(!view.IsError && view.QuotedPacket.IsEmpty);
        view.Identifier = 0x1112;
        view.Sequence = 0x2122;
        Assert.Equal((0x1112, 0x2122, 0x11122122u), (view.Identifier, view.Sequence, view.Pointer));
    }

    [Fact]
    public void Icmpv6_checksums_cover_the_addresses()
    {
        byte[] message = new byte[10];
        message[0] = (byte)Icmpv6Type.EchoReply;
        ushort pseudo = Checksum.PseudoHeader(Golden.B4, Golden.Aftr, IpProtocol.Icmpv6, message.Length);
        Checksum.FillIcmpv6(message, pseudo);
        Assert.True(Icmpv6View.TryOpen(message, out Icmpv6View view, out _));
        Assert.True(view.IsChecksumRight(Golden.B4, Golden.Aftr));
        Assert.False(view.IsChecksumRight(Golden.B4, Golden.B4));
    }

    [Fact]
    public void Every_cut_header_is_too_short()
    {
        for (int length = 0; length < 8; length++)
        {
            Assert.False(IcmpView.TryOpen(new byte[length], out _, out WireRefusal refusal));
            Assert.Equal(WireRefusal.TooShort, refusal);
            Assert.False(Icmpv6View.TryOpen(new byte[length], out _, out refusal));
            Assert.Equal(WireRefusal.TooShort, refusal);
        }
    }
}
