using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What the gateway itself says to the ends of TCP connections; by default nothing.</summary>
public sealed class TcpNoticeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5382-S5-3")]
    public void Idle_connection_is_given_up_silently_unless_resets_are_wanted(bool softwire)
    {
        using GatewayBench bench = new();
        _ = new Connection(bench, new Host(bench, softwire), 5000).Open();
        bench.Advance(7441);
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Empty(bench.Collect(FramePort.Outside));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Originated));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    [Requirement("RFC5382-S5-3")]
    public void Connection_given_up_for_idleness_is_reset_at_both_ends_with_the_numbers_they_expect(
        bool softwire, int shards)
    {
        using GatewayBench bench = new(s => s with { RstOnTimeout = true }, shards);
        Host host = new(bench, softwire);
        Connection connection = new Connection(bench, host, 5000).Open();
        connection.FromInside(TcpFlags.Ack, 100);
        connection.FromOutside(TcpFlags.Ack, 200);
        bench.Advance(7440);
        Assert.Empty(bench.Collect(FramePort.Inside));
        bench.Advance(3);
        Decoded inside = host.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal((GatewayBench.Server, 80), (inside.Source, inside.Tcp!.SourcePort));
        Assert.Equal((5000, connection.OutsideNext), (inside.Tcp.DestinationPort, inside.Tcp.SequenceNumber));
        Assert.True(inside.Tcp.Reset);
        Decoded outside = new(Assert.Single(bench.Collect(FramePort.Outside)));
        Assert.Equal(connection.External, (outside.Source, outside.Tcp!.SourcePort));
        Assert.Equal((GatewayBench.Server, 80), (outside.Destination, outside.Tcp.DestinationPort));
        Assert.Equal(connection.InsideNext, outside.Tcp.SequenceNumber);
        Assert.True(outside.Tcp.Reset);
    }

    [Fact]
    [Requirement("RFC5382-S5-3")]
    public void Many_connections_are_reset_without_losing_a_frame_and_half_open_ones_are_not()
    {
        using GatewayBench bench = new(s => s with { RstOnTimeout = true });
        Host host = new(bench, softwire: true);
        for (ushort i = 0; i < 200; i++)
            _ = new Connection(bench, host, (ushort)(5000 + i)).Open();
        for (ushort i = 0; i < 50; i++)
            Assert.Single(host.Tcp((ushort)(6000 + i), GatewayBench.Server, 80, TcpFlags.Syn));
        int told = 0;
        for (int i = 0; i < 8; i++)
        {
            bench.Advance(i == 0 ? 7441 : 3);
            told += bench.Collect(FramePort.Inside).Count;
            Assert.InRange(bench.Collect(FramePort.Outside).Count, 0, 200);
        }

        Assert.Equal(200, told);
        Assert.Equal(0u, bench.Gateway.Shard(0).SessionCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6146-TCP-1")]
    public void Idle_host_is_asked_for_a_sign_of_life_and_its_answer_keeps_the_connection(bool softwire)
    {
        using GatewayBench bench = new(s => s with { TcpKeepaliveProbe = true, TcpIdleTimeout = 72000 });
        Host host = new(bench, softwire);
        Connection connection = new Connection(bench, host, 5000).Open();
        bench.Advance(7200);
        Assert.Empty(bench.Collect(FramePort.Inside));
        // The sweep comes by within two seconds.
        bench.Advance(2.2);
        Decoded probe = host.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal((GatewayBench.Server, 80), (probe.Source, probe.Tcp!.SourcePort));
        Assert.Equal((0u, 0u), (probe.Tcp.SequenceNumber, probe.Tcp.AcknowledgmentNumber));
        Assert.Equal((true, false, false), (probe.Tcp.Acknowledgment, probe.Tcp.Synchronize, probe.Tcp.Reset));
        Assert.Empty(probe.Tcp.PayloadData);
        Assert.Equal(SessionState.TcpProbed, connection.State);
        bench.Advance(237);
        connection.FromInside(TcpFlags.Ack);
        Assert.Equal(SessionState.TcpEstablished, connection.State);
        bench.Advance(7199);
        Assert.Empty(bench.Collect(FramePort.Inside));
        connection.FromOutside(TcpFlags.Ack, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("RFC6146-TCP-1")]
    public void Host_that_does_not_answer_loses_the_connection_after_four_minutes(bool resets)
    {
        using GatewayBench bench = new(
            s => s with { TcpKeepaliveProbe = true, TcpIdleTimeout = 72000, RstOnTimeout = resets });
        Host host = new(bench, softwire: true);
        Connection connection = new Connection(bench, host, 5000).Open();
        bench.Advance(7201);
        Assert.Single(bench.Collect(FramePort.Inside));
        bench.Advance(238.8);
        Assert.Equal(SessionState.TcpProbed, connection.State);
        bench.Advance(3);
        Assert.Equal(SessionState.None, connection.State);
        Assert.Equal(resets ? 1 : 0, bench.Collect(FramePort.Outside).Count);
        Assert.Equal(resets ? 1 : 0, bench.Collect(FramePort.Inside).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5382-S5-2")]
    public void Segment_of_no_connection_is_dropped_or_reset_towards_the_inside_only(bool softwire)
    {
        foreach (TcpWithoutSession policy in new[] { TcpWithoutSession.Drop, TcpWithoutSession.Rst })
        {
            using GatewayBench bench = new(s => s with { TcpWithoutSession = policy }, shards: 2);
            Host host = new(bench, softwire, worker: 1);
            Assert.Empty(host.Tcp(5000, GatewayBench.Server, 80, TcpFlags.Ack, 77, 4711, payloadBytes: 500));
            List<byte[]> answers = bench.Collect(FramePort.Inside);
            Assert.Equal(policy == TcpWithoutSession.Rst ? 1 : 0, answers.Count);
            Assert.Equal(1, bench.Gateway.Drops(DropReason.NoSession));
            Assert.Equal(0, bench.Gateway.Counter(CounterId.MappingsCreatedTcp));
            if (policy == TcpWithoutSession.Drop)
                continue;
            Decoded reset = host.Receives(answers[0]);
            Assert.Equal((GatewayBench.Server, 80), (reset.Source, reset.Tcp!.SourcePort));
            Assert.Equal((5000, 4711u), (reset.Tcp.DestinationPort, reset.Tcp.SequenceNumber));
            Assert.Equal((true, false), (reset.Tcp.Reset, reset.Tcp.Acknowledgment));
            Assert.Empty(host.ToNeighbour(
                Packets.Tcp(host.Address, 5000, GatewayBench.Server, 80, TcpFlags.Rst, 77)));
            Assert.Single(host.ToNeighbour(
                Packets.Tcp(host.Address, 5000, GatewayBench.Server, 80, TcpFlags.Fin, 77)));
            Assert.Empty(bench.FromServer(
                Packets.Tcp(GatewayBench.Server, 80, "203.0.113.1", 2000, TcpFlags.Ack, 77)));
            Assert.Empty(bench.Collect(FramePort.Outside));
        }
    }
}
