using System;

using Xunit;

namespace Cgn.Wire.Tests.Transport;

public sealed class UdpViewTests
{
    [Fact]
    public void All_fields_are_read_and_bytes_after_the_length_are_left_out()
    {
        byte[] datagram = Golden.Udp(0x1112, 0x2122, [1, 2, 3]);
        Assert.True(UdpView.TryOpen([.. datagram, 9, 9], out UdpView view, out _));
        Assert.Equal((0x1112, 0x2122, 11), (view.SourcePort, view.DestinationPort, view.Length));
        Assert.Equal([1, 2, 3], view.Payload.ToArray());
        Assert.Equal(datagram, view.Datagram.ToArray());
    }

    [Fact]
    public void Setters_write_their_own_bytes_only_and_the_view_stays()
    {
        byte[] datagram = Golden.Udp(1, 2, [3]);
        Assert.True(UdpView.TryOpen(datagram, out UdpView view, out _));
        view.SourcePort = 0x1112;
        view.DestinationPort = 0x2122;
        view.Length = 0xFFFF;
        view.Checksum = 0x4142;
        Assert.Equal("11122122ffff414203", Convert.ToHexStringLower(datagram));
        Assert.Equal(1, view.Payload.Length);
    }

    [Fact]
    public void Every_lie_of_the_length_field_is_refused()
    {
        byte[] datagram = Golden.Udp(1, 2, Golden.Dirty(20));
        for (int length = 0; length <= 0xFFFF; length++)
        {
            (datagram[4], datagram[5]) = ((byte)(length >> 8), (byte)length);
            bool open = UdpView.TryOpen(datagram, out UdpView view, out WireRefusal refusal);
            Assert.Equal(
                length < 8 ? WireRefusal.BadTotalLength : length > 28 ? WireRefusal.Truncated : WireRefusal.None,
                refusal);
            if (open)
                Assert.Equal(length - 8, view.Payload.Length);
            Assert.Equal(length >= 8, UdpView.TryOpenFirstFragment(datagram, out UdpView fragment, out _));
            if (length >= 8)
                Assert.Equal(20, fragment.Payload.Length);
        }
    }

    [Fact]
    public void Every_cut_header_is_too_short()
    {
        byte[] datagram = Golden.Udp(1, 2, []);
        for (int length = 0; length < 8; length++)
        {
            Assert.False(UdpView.TryOpen(datagram.AsSpan(0, length), out _, out WireRefusal refusal));
            Assert.Equal(WireRefusal.TooShort, refusal);
        }
    }

    [Fact]
    public void Lengths_above_32767_are_not_negative()
    {
        byte[] datagram = Golden.Udp(1, 2, new byte[65_527]);
        Assert.True(UdpView.TryOpen(datagram, out UdpView view, out _));
        Assert.Equal((65_535, 65_527), (view.Length, view.Payload.Length));
    }
}
