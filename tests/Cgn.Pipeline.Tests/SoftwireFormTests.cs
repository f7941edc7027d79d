using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>The outer header as configured, and as a B4 finds it.</summary>
public sealed class SoftwireFormTests
{
    [Fact]
    [Requirement("RFC2473-S4.1.1-1")]
    public void No_encapsulation_limit_is_sent_unless_it_is_configured()
    {
        Decoded plain = new(Answer(static all => all));
        Assert.Equal(4, (int)plain.Outer!.NextHeader);
        byte[] limited = Answer(static all => all with { EncapsulationLimit = 4 });
        Assert.Equal(60, limited[14 + 6]);
        Assert.Equal([4, 0, 4, 1, 4, 1, 1, 0], limited[54..62]);
        Assert.Equal(8 + 20 + 8 + 18, BinaryPrimitives.ReadUInt16BigEndian(limited.AsSpan(18)));
    }

    [Fact]
    [Requirement("RFC2473-S6.6-1")]
    public void The_encapsulation_limit_takes_its_bytes_from_the_largest_inner_packet()
    {
        using GatewayBench bench = new(static all => all with { EncapsulationLimit = 4, TunnelMtu = 1500 });
        Decoded sent = Opened(bench);
        Assert.Single(bench.FromServer(Packets.Udp(GatewayBench.Server, 53, sent.Source, Port(sent), 1452 - 28)));
        Assert.Empty(bench.FromServer(Packets.Udp(GatewayBench.Server, 53, sent.Source, Port(sent), 1452 - 27)));
        Decoded report = new(Assert.Single(bench.Collect(FramePort.Outside)));
        Assert.Equal(1452, BinaryPrimitives.ReadUInt16BigEndian(report.Icmp!.Bytes.AsSpan(6)));
        List<byte[]> pieces = bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, sent.Source, Port(sent), 1472, dontFragment: false));
        // The option belongs to what is fragmented: it stands behind the fragment header of the first alone.
        Assert.Equal([1496, 108], pieces.Select(static piece => piece.Length - 14));
        Assert.All(pieces, static piece => Assert.Equal(60, piece[14 + 40]));
        Assert.Equal([4, 0, 4, 1, 4, 1, 1, 0], pieces[0][62..70]);
    }

    [Theory]
    [InlineData(5, 64)]
    [InlineData(250, 64)]
    [InlineData(5, 255)]
    [InlineData(250, 1)]
    [Requirement("RFC2473-S6.3-1")]
    public void The_hop_limit_is_the_configured_one_whatever_the_inner_time_to_live(byte ttl, byte hopLimit)
    {
        Decoded answer = new(Answer(all => all with { SoftwireHopLimit = hopLimit }, ttl: ttl));
        Assert.Equal(hopLimit, answer.Outer!.HopLimit);
        Assert.Equal(ttl - 1, answer.Ipv4.TimeToLive);
    }

    [Fact]
    [Requirement("RFC6438-S3-1")]
    [Requirement("RFC2473-S6.5-1")]
    public void Flows_have_labels_of_their_own_or_none_as_configured()
    {
        using GatewayBench bench = new();
        HashSet<int> labels = [];
        for (int i = 0; i < 200; i++)
        {
            Decoded sent = Opened(bench, (ushort)(1000 + i));
            byte[] packet = Packets.Udp(GatewayBench.Server, 53, sent.Source, Port(sent));
            int label = new Decoded(Assert.Single(bench.FromServer(packet))).Outer!.FlowLabel;
            Assert.Equal(label, new Decoded(Assert.Single(bench.FromServer(packet))).Outer!.FlowLabel);
            Assert.NotEqual(0, label);
            labels.Add(label);
        }

        Assert.InRange(labels.Count, 195, 200);
        Assert.Equal(0, new Decoded(Answer(static all => all with { FlowLabels = false })).Outer!.FlowLabel);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Requirement("RFC6040-S4.1-1")]
    public void Congestion_marks_are_copied_outwards_or_hidden_in_the_compatibility_mode(byte ecn)
    {
        Assert.Equal(0xB8 | ecn, new Decoded(Answer(static all => all, tos: (byte)(0xB8 | ecn))).Outer!.TrafficClass);
        Decoded hidden = new(Answer(static all => all with { EcnCopy = false }, tos: (byte)(0xB8 | ecn)));
        Assert.Equal((0xB8, 0xB8 | ecn), (hidden.Outer!.TrafficClass, hidden.Ipv4.TypeOfService));
    }

    [Fact]
    [Requirement("RFC2473-S6.4-1")]
    [Requirement("RFC2983-S3.1-2")]
    [Requirement("RFC8513-DSCP")]
    public void A_configured_class_hides_the_inner_one_both_ways()
    {
        using GatewayBench bench = new(static all => all with { TrafficClass = 10 });
        Decoded sent = new(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, tos: 0xB8), trafficClass: 0x28)));
        Assert.Equal(0xB8, sent.Ipv4.TypeOfService);
        Decoded back = new(Assert.Single(bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, sent.Source, Port(sent), tos: 0xB8))));
        Assert.Equal((0x28, 0xB8), (back.Outer!.TrafficClass, back.Ipv4.TypeOfService));
    }

    [Fact]
    [Requirement("RFC6908-S2.5.2-1")]
    public void Downstream_packets_are_remarked_inside_and_outside()
    {
        Decoded back = new(Answer(static all => all with { DownstreamDscp = 10 }, tos: 0xB9));
        Assert.Equal((0x29, 0x29), (back.Outer!.TrafficClass, back.Ipv4.TypeOfService));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("RFC4459-S4")]
    public void Large_packets_are_fragmented_inside_where_that_is_configured(bool limit)
    {
        using GatewayBench bench = new(all => all with
        {
            TunnelMtu = 1500,
            Fragmentation = FragmentationMode.Inner,
            EncapsulationLimit = limit ? 4 : -1,
        });
        Decoded sent = Opened(bench);
        byte[] whole = Packets.Udp(
            GatewayBench.Server, 53, sent.Source, Port(sent), 1472, dontFragment: false, identification: 99);
        Decoded[] pieces = [.. bench.FromServer(whole).Select(static frame => new Decoded(frame))];
        Assert.Equal(2, pieces.Length);
        Assert.All(pieces, static piece => Assert.Equal(99, piece.Ipv4.Id));
        Assert.All(pieces, static piece => Assert.Equal(GatewayBench.B4, piece.Outer!.DestinationAddress.ToString()));
        Assert.All(pieces, piece => Assert.Equal(piece.Ipv4.TotalLength + (limit ? 8 : 0), piece.Outer!.PayloadLength));
        Assert.All(pieces, static piece => Assert.InRange(piece.Outer!.PayloadLength + 40, 0, 1500));
        Assert.Equal((1, 0), (pieces[0].Ipv4.FragmentFlags & 1, pieces[1].Ipv4.FragmentFlags & 1));
        Assert.Equal(1480, pieces.Sum(static piece => piece.Ipv4.TotalLength - 20));
    }

    [Fact]
    [Requirement("RFC4459-S4")]
    public void What_may_not_be_fragmented_inside_is_fragmented_outside_all_the_same()
    {
        using GatewayBench bench = new(static all => all with
        {
            TunnelMtu = 1500,
            Fragmentation = FragmentationMode.Inner,
            DfPolicy = DfPolicy.IgnoreDf,
        });
        Decoded sent = Opened(bench);
        List<byte[]> pieces = bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, sent.Source, Port(sent), 1472));
        Assert.Equal([1496, 100], pieces.Select(static piece => piece.Length - 14));
        Assert.All(pieces, static piece => Assert.Equal(44, piece[14 + 6]));
    }

    [Fact]
    [Requirement("RFC8513-STAT")]
    public void B4s_with_state_are_counted_and_changes_of_address_that_come_too_soon_are_told()
    {
        using GatewayBench bench = new(static all => all with { UdpTimeout = 1200 });
        Opened(bench);
        bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53), GatewayBench.OtherB4);
        bench.FromInside(Packets.Ethernet(Packets.Udp(GatewayBench.Customer, 1000, GatewayBench.Server, 53)));
        Assert.Equal(2, bench.Gateway.Counter(CounterId.Softwires));
        bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53), "2001:db8:100:100::3");
        Assert.Equal(2, bench.Gateway.Counter(CounterId.Softwires));
        Assert.Empty(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53), "2001:db8:100:100::4"));
        ForwarderEvent[] events = new ForwarderEvent[64];
        int count = bench.Gateway.ReadEvents(0, events);
        ForwarderEvent told = Assert.Single(events[..count], static e => e.Kind == EventKind.LimitHit);
        Assert.Equal(DropReason.B4AddressChange, told.Reason);
        for (int i = 0; i < 10; i++)
            bench.Advance(2000);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Softwires));
    }

    [Fact]
    [Requirement("RFC7785-S4.3-2")]
    public void The_limit_on_address_changes_is_configured()
    {
        using GatewayBench bench = new(static all => all with { B4ChangeLimit = 100, UdpTimeout = 30_000 });
        Opened(bench);
        Assert.Single(bench.FromB4(Inner(), "2001:db8:100:100::3"));
        bench.Advance(9);
        Assert.Empty(bench.FromB4(Inner(), "2001:db8:100:100::4"));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.B4AddressChange));
        bench.Advance(1.1);
        Assert.Single(bench.FromB4(Inner(), "2001:db8:100:100::4"));
    }

    private static byte[] Inner() => Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53);

    private static Decoded Opened(GatewayBench bench, ushort port = 1000) =>
        new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", port, GatewayBench.Server, 53))));

    private static ushort Port(Decoded sent) => sent.Udp!.SourcePort;

    private static byte[] Answer(Func<GatewaySettings, GatewaySettings> settings, byte ttl = 64, byte tos = 0)
    {
        using GatewayBench bench = new(settings);
        Decoded sent = Opened(bench);
        return Assert.Single(bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, sent.Source, Port(sent), ttl: ttl, tos: tos)));
    }
}
