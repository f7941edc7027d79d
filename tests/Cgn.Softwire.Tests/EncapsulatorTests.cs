using System;
using System.Linq;

using Cgn.Testing;

using Xunit;

namespace Cgn.Softwire.Tests;

public class EncapsulatorTests
{
    private static byte[] Encapsulate(byte[] inner, SoftwireForm form, uint flowLabel = 0)
    {
        byte[] outer = new byte[form.HeaderBytes + inner.Length];
        outer.AsSpan(0, form.HeaderBytes).Fill(0xA5);
        inner.CopyTo(outer, form.HeaderBytes);
        Encapsulator.Write(
            outer.AsSpan(0, form.HeaderBytes), form, inner[1], inner.Length, FrameBench.Aftr, FrameBench.B4, flowLabel);
        return outer;
    }

    private static byte[] Encapsulate(byte[] inner, int trafficClass = -1, uint flowLabel = 0) =>
        Encapsulate(inner, new SoftwireForm { TrafficClass = trafficClass }, flowLabel);

    [Fact]
    [Requirement("RFC2473-S5-1")]
    [Requirement("RFC2473-S3.1-2")]
    [Requirement("RFC2473-S6.3-1")]
    public void An_independent_decoder_reads_every_field_of_the_outer_header()
    {
        byte[] inner = FrameBench.Ipv4(1500, tos: 0xB8);
        byte[] outer = Encapsulate(inner, flowLabel: 0x12345);
        PacketDotNet.IPv6Packet packet = new(new PacketDotNet.Utils.ByteArraySegment(outer));
        Assert.Equal(1540, outer.Length);
        Assert.Equal(1500, packet.PayloadLength);
        Assert.Equal(PacketDotNet.ProtocolType.IPv4, packet.NextHeader);
        Assert.Equal(64, packet.HopLimit);
        Assert.Equal(0xB8, packet.TrafficClass);
        Assert.Equal(0x12345, packet.FlowLabel);
        Assert.Equal("2001:db8:0:2::1", packet.SourceAddress.ToString());
        Assert.Equal("2001:db8:0:1::1", packet.DestinationAddress.ToString());
        Assert.Equal(inner, outer[Encapsulator.HeaderSize..]);
    }

    [Theory]
    [Requirement("RFC6333-S7.1-2")]
    [Requirement("RFC2983-S3.1-1")]
    [Requirement("RFC6908-S2.10-1")]
    [InlineData(0xB8, -1, 0xB8)]
    [InlineData(0x00, -1, 0x00)]
    [InlineData(0xFC, 10, 0x28)]
    [InlineData(0xB8, 0, 0x00)]
    public void Dscp_is_copied_outwards_or_as_configured(byte inner, int setting, byte outer) =>
        Assert.Equal(outer, PacketDotNetTrafficClass(Encapsulate(FrameBench.Ipv4(60, tos: inner), setting)));

    [Theory]
    [Requirement("RFC6040-S4.1-1")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ecn_is_copied_outwards_whatever_the_dscp_setting(byte ecn)
    {
        Assert.Equal(ecn, PacketDotNetTrafficClass(Encapsulate(FrameBench.Ipv4(60, tos: (byte)(0xB8 | ecn)))) & 3);
        Assert.Equal(ecn, PacketDotNetTrafficClass(Encapsulate(FrameBench.Ipv4(60, tos: (byte)(0xB8 | ecn)), 12)) & 3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(255)]
    [Requirement("RFC2473-S4.1.1-1")]
    [Requirement("RFC2473-S6.6-1")]
    public void The_encapsulation_limit_is_an_option_that_the_decapsulator_knows(int limit)
    {
        byte[] inner = FrameBench.Ipv4(100, tos: 0xB8);
        byte[] outer = Encapsulate(inner, new SoftwireForm { EncapsulationLimit = limit });
        Assert.Equal([4, 0, 4, 1, (byte)limit, 1, 1, 0], outer[40..48]);
        Assert.Equal(108, (outer[4] << 8) | outer[5]);
        Assert.Equal(60, outer[6]);
        Assert.True(Decapsulator.TryOpen(outer, out SoftwireEnvelope envelope));
        Assert.Equal(48, envelope.InnerOffset);
    }

    [Fact]
    [Requirement("RFC6438-S3-1")]
    public void Flow_labels_are_constant_never_zero_and_spread_well()
    {
        uint[] labels = Enumerable.Range(0, 100_000).Select(i => Encapsulator.FlowLabel((ulong)i, 99)).ToArray();
        Assert.All(labels, label => Assert.InRange(label, 1u, 0xF_FFFFu));
        Assert.Equal(labels[17], Encapsulator.FlowLabel(17, 99));
        Assert.NotEqual(labels[17], Encapsulator.FlowLabel(17, 100));
        // 1,000 flows over 16 links: expected 62 each; a link with under 30 or over 110 would be six deviations off.
        Assert.All(labels.Take(1000).GroupBy(l => l & 15), link => Assert.InRange(link.Count(), 30, 110));
        Assert.InRange(labels.Distinct().Count(), 94_000, 97_000);
    }

    private static int PacketDotNetTrafficClass(byte[] outer) =>
        new PacketDotNet.IPv6Packet(new PacketDotNet.Utils.ByteArraySegment(outer)).TrafficClass;
}
