using System;

using Xunit;

namespace Cgn.Wire.Tests.Ethernet;

public sealed class EthernetViewTests
{
    [Theory]
    [InlineData(0, 0, 14)]
    [InlineData(10, 0, 18)]
    [InlineData(4095, 20, 22)]
    public void Tags_are_read_and_the_payload_begins_behind_them(int outer, int inner, int payload)
    {
        byte[] frame = Golden.Ethernet(EtherTypes.Ipv4, [1, 2, 3], outer, inner);
        Assert.True(EthernetView.TryOpen(frame, out EthernetView view, out WireRefusal refusal));
        Assert.Equal(WireRefusal.None, refusal);
        Assert.Equal(payload, view.PayloadOffset);
        Assert.Equal(payload - 14, view.TagBytes.Length);
        Assert.Equal((outer, inner), (view.OuterVlan, view.InnerVlan));
        Assert.Equal([1, 2, 3], view.Payload.ToArray());
        Assert.Equal(EtherTypes.Ipv4, view.EtherType);
        Assert.Equal((Golden.InsideMac, Golden.OutsideMac), (view.Source, view.Destination));
    }

    [Theory]
    [InlineData(EtherTypes.Vlan)]
    [InlineData(EtherTypes.ServiceVlan)]
    [InlineData(EtherTypes.OldServiceVlan)]
    public void Every_tag_type_is_known_and_kept_with_its_priority(ushort type)
    {
        byte[] frame = Golden.Ethernet(EtherTypes.Ipv6, [], outer: 7);
        (frame[12], frame[13], frame[14]) = ((byte)(type >> 8), (byte)type, 0xE0);
        Assert.True(EthernetView.TryOpen(frame, out EthernetView view, out _));
        Assert.Equal([(byte)(type >> 8), (byte)type, 0xE0, 7], view.TagBytes.ToArray());
        Assert.Equal(7, view.OuterVlan);
    }

    [Fact]
    public void A_third_tag_is_refused()
    {
        byte[] frame = Golden.Ethernet(EtherTypes.Vlan, [0, 1, 8, 0], outer: 1, inner: 2);
        Assert.False(EthernetView.TryOpen(frame, out _, out WireRefusal refusal));
        Assert.Equal(WireRefusal.TooManyTags, refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1500)]
    [InlineData(0x05FF)]
    public void A_length_in_place_of_a_type_is_refused(ushort length)
    {
        Assert.False(EthernetView.TryOpen(Golden.Ethernet(length, [1]), out _, out WireRefusal refusal));
        Assert.Equal(WireRefusal.NotEthernet2, refusal);
        Assert.False(EthernetView.TryOpen(Golden.Ethernet(length, [1], outer: 9), out _, out refusal));
        Assert.Equal(WireRefusal.NotEthernet2, refusal);
    }

    [Fact]
    public void Every_cut_header_is_too_short()
    {
        byte[] frame = Golden.Ethernet(EtherTypes.Ipv4, [], outer: 1, inner: 2);
        for (int length = 0; length < frame.Length; length++)
        {
            Assert.False(EthernetView.TryOpen(frame.AsSpan(0, length), out _, out WireRefusal refusal));
            Assert.Equal(WireRefusal.TooShort, refusal);
        }
    }

    [Fact]
    public void Setters_write_their_own_bytes_only()
    {
        byte[] frame = Golden.Ethernet(EtherTypes.Ipv4, [1], outer: 5);
        Assert.True(EthernetView.TryOpen(frame, out EthernetView view, out _));
        view.Destination = new MacAddress(0x0A0B_0C0D_0E0F);
        view.Source = new MacAddress(0x1A1B_1C1D_1E1F);
        view.EtherType = EtherTypes.Ipv6;
        Assert.Equal(
            "0a0b0c0d0e0f1a1b1c1d1e1f8100000586dd01",
            Convert.ToHexStringLower(frame));
    }
}
