using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>ICMPv6 errors that the access network sends about our softwire packets, and what a narrow path makes of
/// those that follow (RFC 2473 section 8, RFC 8201).</summary>
public sealed partial class SoftwireErrorTests
{
    private const string AccessRouter = "2001:db8:aaaa::1";
    private const string Outside = "198.18.0.1";

    [Theory]
    [InlineData("udp", 1)]
    [InlineData("tcp", 4)]
    [InlineData("echo", 4)]
    [InlineData("gre", 1)]
    [Requirement("RFC2473-S8.3-1")]
    [Requirement("RFC8900-S6.5")]
    public void Too_big_on_the_way_is_told_to_the_server_in_its_own_terms(string kind, int shards)
    {
        using GatewayBench bench = new(Named, shards);
        Flow flow = new(bench, kind, shards);
        Assert.Empty(flow.Error(2, 0, 1280));
        Decoded report = new(Assert.Single(bench.Collect(FramePort.Outside)));
        byte[] message = Reports.Message(report);
        Assert.Equal((Outside, GatewayBench.Server), (report.Source, report.Destination));
        Assert.Equal((3, 4), (message[0], message[1]));
        Assert.Equal(1240u, BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4)));
        Assert.Equal(Reports.Aged(flow.Answer), message[8..]);
        Assert.Equal(1, bench.Gateway.Counter(CounterId.SoftwireErrorsRelayed));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(1, 5)]
    [InlineData(3, 0)]
    [Requirement("RFC2473-S8-1")]
    public void A_B4_that_is_not_reached_is_an_unreachable_host_to_the_server(byte type, byte code)
    {
        using GatewayBench bench = new(Named, shards: 4);
        Flow flow = new(bench, "udp", 4);
        Assert.Empty(flow.Error(type, code, 0));
        Decoded report = new(Assert.Single(bench.Collect(FramePort.Outside)));
        byte[] message = Reports.Message(report);
        Assert.Equal((Outside, GatewayBench.Server), (report.Source, report.Destination));
        Assert.Equal([3, 1, 0, 0, 0, 0], (byte[])[.. message[..2], .. message[4..8]]);
        Assert.Equal(Reports.Aged(flow.Answer), message[8..]);
        Assert.Equal(64, report.Ipv4.TimeToLive);
    }

    [Theory]
    [InlineData(0, 45, true)]
    [InlineData(1, 45, true)]
    [InlineData(4, 45, false)]
    [InlineData(0, 43, false)]
    [InlineData(0, 6, false)]
    [Requirement("RFC2473-S8-1")]
    public void Of_parameter_problems_the_spent_encapsulation_limit_counts(byte limit, uint pointer, bool told)
    {
        using GatewayBench bench = new(all => Named(all) with { EncapsulationLimit = 4 });
        Flow flow = new(bench, "udp", 1);
        byte[] quote = [.. flow.Softwire];
        Assert.Equal((byte)IpProtocol.DestinationOptions, quote[6]);
        // Where the option's value stands depends on where the option does.
        int value = quote.AsSpan(40, 8).IndexOf((ReadOnlySpan<byte>)[4, 1, 4]) + 40 + 2;
        quote[value] = limit;
        List<byte[]> report = bench.FromInside(Packets.Ethernet(Reports.Icmp6(
            AccessRouter, 4, 0, pointer == 45 ? (uint)value : pointer, quote)));
        Assert.Equal(told ? 1 : 0, report.Count);
        Assert.Equal(told ? 0 : 1, bench.Gateway.Drops(DropReason.UnsupportedIcmpv6));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC2473-S8-1")]
    [Requirement("RFC2473-S8.3-1")]
    public void A_neighbour_hears_it_like_a_server(bool softwire, int shards)
    {
        using GatewayBench bench = new(Named, shards);
        Host far = new(bench, softwire: true);
        Host near = new(bench, softwire, number: 2, worker: shards - 1);
        (string address, ushort port) = far.External(tcp: false, 2000);
        byte[] sent = Packets.Udp(near.Address, 1000, address, port);
        byte[] arrived = Assert.Single(near.ToNeighbour(sent));
        foreach ((byte type, uint rest, int code) in new[] { ((byte)1, 0u, 1), ((byte)2, 1300u, 4) })
        {
            Assert.Empty(bench.FromInside(Packets.Ethernet(
                Reports.Icmp6(AccessRouter, type, 0, rest, arrived.AsSpan(14)))));
            Decoded report = near.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
            byte[] message = Reports.Message(report);
            Assert.Equal((Outside, 3, code), (report.Source, message[0], message[1]));
            Assert.Equal(rest == 0 ? 0 : rest - 40, BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4)));
            Assert.Equal(Reports.Aged(sent), message[8..]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC2473-S6.7-1")]
    [Requirement("RFC8201-S4-2")]
    public void A_narrow_path_is_kept_to_for_ten_minutes_and_never_widened_before(int shards)
    {
        using GatewayBench bench = new(Named, shards);
        Flow flow = new(bench, "udp", shards);
        Assert.Equal(1500, flow.LargestWhole());
        flow.Error(2, 0, 1400);
        Assert.Equal(1360, flow.LargestWhole());
        // Nothing raises it, and only what is smaller lowers it.
        flow.Error(2, 0, 1450);
        Assert.Equal(1360, flow.LargestWhole());
        flow.Error(2, 0, 1300);
        Assert.Equal(1260, flow.LargestWhole());
        bench.Advance(301);
        flow.Open();
        Assert.Equal(1260, flow.LargestWhole());
        bench.Advance(297);
        Assert.Equal(1260, flow.LargestWhole());
        bench.Advance(3);
        flow.Open();
        Assert.Equal(1500, flow.LargestWhole());
        Assert.Equal(2, bench.Gateway.Counter(CounterId.PathMtuLowered));
    }

    [Fact]
    [Requirement("RFC2473-S6.7-1")]
    public void What_does_not_fit_a_narrow_path_is_answered_or_fragmented_to_it()
    {
        using GatewayBench bench = new(Named);
        Flow flow = new(bench, "udp", 1);
        flow.Error(2, 0, 1400);
        bench.Collect(FramePort.Outside);
        Assert.Empty(flow.FromServer(1361, dontFragment: true));
        byte[] message = Reports.Message(new Decoded(Assert.Single(bench.Collect(FramePort.Outside))));
        Assert.Equal((3, 4), (message[0], message[1]));
        Assert.Equal(1360u, BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4)));

        List<byte[]> pieces = flow.FromServer(1361, dontFragment: false);
        Assert.Equal(2, pieces.Count);
        Assert.All(pieces, static frame => Assert.InRange(frame.Length, 0, 14 + 1400));
        Assert.All(pieces, static frame => Assert.Equal((byte)IpProtocol.Fragment, frame[14 + 6]));
        Assert.Equal(1361, pieces.Sum(static frame => frame.Length - 14 - 48));
        // Another B4's path is its own.
        Flow other = new(bench, "udp", 1, number: 2);
        Assert.Equal(1500, other.LargestWhole());
    }

    [Fact]
    [Requirement("RFC2473-S6.7-1")]
    public void With_DF_ignored_a_narrow_path_is_fragmented_to_and_nobody_is_told()
    {
        using GatewayBench bench = new(all => Named(all) with { DfPolicy = DfPolicy.IgnoreDf });
        Flow flow = new(bench, "udp", 1);
        Assert.Empty(flow.Error(2, 0, 1400));
        Assert.Empty(bench.Collect(FramePort.Outside));
        List<byte[]> pieces = flow.FromServer(1480, dontFragment: true);
        Assert.Equal(2, pieces.Count);
        Assert.All(pieces, static frame => Assert.InRange(frame.Length, 0, 14 + 1400));
    }

    [Fact]
    [Requirement("RFC2473-S6.7-1")]
    public void Answers_of_the_gateway_keep_to_a_narrow_path_too()
    {
        using GatewayBench bench = new(Named);
        Flow flow = new(bench, "udp", 1);
        flow.Error(2, 0, 1300);
        bench.FromB4(Packets.Echo("192.168.1.2", "192.0.0.1", 5, payloadBytes: 1372));
        List<byte[]> answer = bench.Collect(FramePort.Inside);
        Assert.Equal(2, answer.Count);
        Assert.All(answer, static frame => Assert.InRange(frame.Length, 0, 14 + 1300));
    }

    private static GatewaySettings Named(GatewaySettings all) => all with
    {
        OutsideAddress = Ipv4Address.Parse(Outside).Value,
    };

    /// <summary>A host that has spoken with the server, and the server's answer in its softwire.</summary>
    private sealed class Flow
    {
        private readonly GatewayBench _bench;
        private readonly Host _host;
        private readonly string _kind;
        private readonly int _shards;

        public Flow(GatewayBench bench, string kind, int shards, int number = 1)
        {
            _bench = bench;
            _kind = kind;
            _shards = shards;
            _host = new Host(bench, softwire: true, number);
            Answer = Reports.Answer(kind, Open());
            Softwire = Assert.Single(bench.FromServer(Answer))[14..];
        }

        public byte[] Answer { get; }

        public byte[] Softwire { get; }

        public byte[] Open() => Assert.Single(_host.Send(Reports.Request(_kind, _host.Address)));

        /// <summary>An error about that softwire packet, come to whichever worker; returns what left inside.</summary>
        public List<byte[]> Error(byte type, byte code, uint rest)
        {
            Assert.True(_bench.Gateway.Inject(
                FramePort.Inside, Packets.Ethernet(Reports.Icmp6(AccessRouter, type, code, rest, Softwire)),
                _shards - 1));
            _bench.Gateway.Run(_bench.Now);
            return _bench.Collect(FramePort.Inside);
        }

        public List<byte[]> FromServer(int bytes, bool dontFragment)
        {
            Decoded first = new(Packets.Ethernet(Answer));
            return _bench.FromServer(Packets.Udp(
                first.Source, first.Udp!.SourcePort, first.Destination, first.Udp.DestinationPort, bytes - 28,
                dontFragment: dontFragment));
        }

        /// <summary>The largest IPv4 packet that arrives in one piece.</summary>
        public int LargestWhole()
        {
            int fits = 1200;
            int fails = 1501;
            while (fails - fits > 1)
            {
                int half = (fits + fails) / 2;
                List<byte[]> arrived = FromServer(half, dontFragment: true);
                if (arrived.Count == 1)
                    fits = half;
                else
                    fails = half;
            }

            _bench.Collect(FramePort.Outside);
            return fits;
        }
    }
}
