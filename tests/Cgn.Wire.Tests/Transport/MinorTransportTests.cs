using System;

using Xunit;

namespace Cgn.Wire.Tests.Transport;

public sealed class MinorTransportTests
{
    [Fact]
    public void Sctp_has_ports_and_a_tag()
    {
        byte[] packet = [0x13, 0x88, 0x13, 0x89, 1, 2, 3, 4, 0, 0, 0, 0];
        Assert.True(SctpView.TryOpen(packet, out SctpView view, out _));
        Assert.Equal((5000, 5001, 0x01020304u), (view.SourcePort, view.DestinationPort, view.VerificationTag));
        view.SourcePort = 1;
        view.DestinationPort = 2;
        Assert.Equal([0, 1, 0, 2], packet[..4]);
        Assert.False(SctpView.TryOpen(packet.AsSpan(0, 11), out _, out WireRefusal refusal));
        Assert.Equal(WireRefusal.TooShort, refusal);
    }

    [Theory]
    [InlineData("00000800", 0, false, 0u, 4)]
    [InlineData("20000800aabbccdd", 0, true, 0xAABBCCDDu, 8)]
    [InlineData("b000080000000000aabbccdd00000001", 0, true, 0xAABBCCDDu, 16)]
    [InlineData("2001880b00041234", 1, true, 0x00041234u, 8)]
    [InlineData("3081880b000412340000000100000002", 1, true, 0x00041234u, 16)]
    public void Gre_words_stand_where_the_flags_say(string hex, int version, bool hasKey, uint key, int payload)
    {
        byte[] packet = Convert.FromHexString(hex);
        if (payload == 16 && version == 1)
            packet[1] = 0x81;
        Assert.True(GreView.TryOpen(packet, out GreView view, out _));
        Assert.Equal((version, hasKey, key), (view.Version, view.HasKey, view.Key));
        Assert.Equal(packet.Length - payload, view.Payload.Length);
        Assert.Equal(version == 1, view.IsPptp);
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.False(GreView.TryOpen(packet.AsSpan(0, length), out _, out WireRefusal refusal));
            Assert.Equal(length < 4 ? WireRefusal.TooShort : WireRefusal.Truncated, refusal);
        }
    }

    [Fact]
    public void The_pptp_call_is_the_lower_half_of_the_key()
    {
        byte[] packet = Convert.FromHexString("2001880b00041234");
        Assert.True(GreView.TryOpen(packet, out GreView view, out _));
        Assert.Equal(0x1234, view.CallId);
        view.CallId = 0xABCD;
        Assert.Equal("2001880b0004abcd", Convert.ToHexStringLower(packet));
        byte[] keyless = Convert.FromHexString("00000800ffffffff");
        Assert.True(GreView.TryOpen(keyless, out view, out _));
        view.CallId = 0;
        Assert.Equal("00000800ffffffff", Convert.ToHexStringLower(keyless));
    }

    [Theory]
    [InlineData("00020800")]
    [InlineData("40000800")]
    public void Other_gre_versions_and_source_routes_are_refused(string hex)
    {
        Assert.False(GreView.TryOpen(Convert.FromHexString(hex), out _, out WireRefusal refusal));
        Assert.Equal(WireRefusal.BadVersion, refusal);
    }

    [Fact]
    public void Esp_has_an_index_and_a_sequence()
    {
        byte[] packet = [1, 2, 3, 4, 0, 0, 0, 9];
        Assert.True(EspView.TryOpen(packet, out EspView view, out _));
        Assert.Equal((0x01020304u, 9u), (view.Spi, view.Sequence));
        Assert.False(EspView.TryOpen(packet.AsSpan(1), out _, out _));
    }

    [Fact]
    public void Dccp_refuses_data_offsets_inside_its_header_or_past_the_packet()
    {
        byte[] packet = [0, 1, 0, 2, 3, 0, 0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for (int extended = 0; extended < 2; extended++)
        {
            packet[8] = (byte)(2 | extended);
            for (int words = 0; words < 256; words++)
            {
                packet[4] = (byte)words;
                bool fits = words >= 3 + extended && words <= 5;
                Assert.Equal(fits, DccpView.TryOpen(packet, out DccpView view, out WireRefusal refusal));
                Assert.Equal(fits ? WireRefusal.None : WireRefusal.BadHeaderLength, refusal);
                if (fits)
                    Assert.Equal((1, 2, 0x1234, 1), (view.SourcePort, view.DestinationPort, view.Checksum, view.Type));
            }
        }

        Assert.False(DccpView.TryOpen(packet.AsSpan(0, 11), out _, out _));
    }

    [Theory]
    [InlineData(0, 12)]
    [InlineData(8, 8)]
    [InlineData(12, 12)]
    [InlineData(1, -1)]
    [InlineData(7, -1)]
    [InlineData(13, -1)]
    [InlineData(0xFFFF, -1)]
    public void Udp_lite_covers_at_least_its_header_and_at_most_the_datagram(int coverage, int covered)
    {
        byte[] datagram = [0, 1, 0, 2, (byte)(coverage >> 8), (byte)coverage, 5, 6, 7, 8, 9, 10];
        Assert.Equal(covered >= 0, UdpLiteView.TryOpen(datagram, out UdpLiteView view, out WireRefusal refusal));
        Assert.Equal(covered >= 0 ? WireRefusal.None : WireRefusal.BadCoverage, refusal);
        if (covered < 0)
            return;
        Assert.Equal((1, 2, coverage), (view.SourcePort, view.DestinationPort, view.Coverage));
        (datagram[4], datagram[5]) = (0xFF, 0xFF);
        Assert.Equal(covered, view.CoveredBytes.Length);
    }
}
