using System.Linq;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Contract.Records.SessionState;

namespace Cgn.Pipeline.Tests;

/// <summary>TCP connections through the whole gateway (RFC 5382, RFC 7857 section 2), by both kinds of
/// access.</summary>
public sealed class TcpConnectionTests
{
    private const TcpFlags Syn = TcpFlags.Syn;
    private const TcpFlags SynAck = TcpFlags.Syn | TcpFlags.Ack;
    private const TcpFlags Ack = TcpFlags.Ack;
    private const TcpFlags Fin = TcpFlags.Fin | TcpFlags.Ack;
    private const TcpFlags Rst = TcpFlags.Rst;

    /// <summary>One arc each of RFC 7857 figure 1: how to get there, who sends what, where it leads, its
    /// timer.</summary>
    public static TheoryData<string, string, SessionState, int> Arcs => new()
    {
        { "", "iS", TcpInitInside, 240 },
        { "iS", "oS", TcpEstablished, 7440 },
        { "iS", "oY", TcpEstablished, 7440 },
        { "iS", "iA", TcpInitInside, 140 },
        { "iS oY iA", "iA", TcpEstablished, 7440 },
        { "iS oY iA", "oA", TcpEstablished, 7440 },
        { "iS oY iA", "iF", TcpFinInside, 7440 },
        { "iS oY iA", "oF", TcpFinOutside, 7440 },
        { "iS oY iA", "iR", TcpTransitory, 240 },
        { "iS oY iA", "oR", TcpTransitory, 240 },
        { "iS oY iA iF", "oA", TcpFinInside, 7440 },
        { "iS oY iA iF", "oF", TcpClosing, 240 },
        { "iS oY iA oF", "iF", TcpClosing, 240 },
        { "iS oY iA iF oF", "iA", TcpClosing, 140 },
        { "iS oY iA oR", "oR", TcpTransitory, 140 },
        { "iS oY iA oR", "iA", TcpEstablished, 7440 },
        { "iS oY iA iR", "oA", TcpEstablished, 7440 },
    };

    [Theory]
    [MemberData(nameof(Arcs))]
    [Requirement("RFC6333-S8.2-1")]
    [Requirement("RFC7857-S2-1")]
    [Requirement("RFC5382-REQ-5")]
    [Requirement("RFC5382-REQ-5t")]
    public void Arc_leads_to_the_state_and_timer_of_the_figure(
        string before, string segment, SessionState state, int seconds)
    {
        foreach (bool softwire in new[] { true, false })
        {
            using GatewayBench bench = new();
            Connection connection = new(bench, new Host(bench, softwire), 5000);
            foreach (string step in before.Split(' ', System.StringSplitOptions.RemoveEmptyEntries))
                Send(connection, step);
            bench.Advance(100);
            Send(connection, segment);
            Assert.Equal(state, connection.State);
            bench.Advance(seconds);
            Assert.Equal(state, connection.State);
            bench.Advance(0.2);
            Assert.Equal(None, connection.State);
        }
    }

    [Theory]
    [InlineData(FilteringType.EndpointIndependent, true)]
    [InlineData(FilteringType.EndpointIndependent, false)]
    [InlineData(FilteringType.AddressDependent, true)]
    [InlineData(FilteringType.AddressDependent, false)]
    [InlineData(FilteringType.AddressAndPortDependent, true)]
    [InlineData(FilteringType.AddressAndPortDependent, false)]
    [Requirement("RFC6333-S8.2-1")]
    [Requirement("RFC5382-REQ-2a")]
    public void Simultaneous_open_passes_every_filter(FilteringType filtering, bool softwire)
    {
        using GatewayBench bench = new(s => s with { FilteringType = filtering }, shards: 2);
        Connection connection = new(bench, new Host(bench, softwire), 5000);
        connection.FromInside(Syn);
        connection.FromOutside(Syn);
        connection.InsideNext--;
        connection.FromInside(SynAck);
        connection.OutsideNext--;
        connection.FromOutside(SynAck);
        connection.FromInside(Ack, 100);
        connection.FromOutside(Ack, 100);
        Assert.Equal(TcpEstablished, connection.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6333-S8.2-1")]
    [Requirement("RFC5382-REQ-2")]
    public void Whatever_tcp_allows_passes(bool softwire)
    {
        using GatewayBench bench = new();
        Connection connection = new(bench, new Host(bench, softwire), 5000);
        // Data in the SYN (RFC 7413), urgent data, zero-window probes, data with FIN, half-close.
        connection.FromInside(Syn, 300);
        connection.FromOutside(SynAck);
        connection.FromInside(Ack | TcpFlags.Psh | TcpFlags.Urg, 20);
        connection.FromOutside(Ack, 1);
        connection.OutsideNext--;
        connection.FromOutside(Ack, 1);
        connection.FromInside(Fin, 200);
        for (int i = 0; i < 5; i++)
        {
            bench.Advance(3600);
            connection.FromOutside(Ack, 1200);
            connection.FromInside(Ack);
        }

        connection.FromOutside(Fin, 10);
        connection.FromInside(Ack);
        Assert.Equal(TcpClosing, connection.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC7857-S2.2-1")]
    [Requirement("RFC5382-S9-1")]
    public void Reset_is_carried_either_way_and_one_out_of_window_ends_nothing(bool softwire)
    {
        using GatewayBench bench = new();
        Connection connection = new Connection(bench, new Host(bench, softwire), 5000).Open();
        uint right = connection.OutsideNext;
        connection.OutsideNext = right + 0x1000_0000;
        connection.FromOutside(Rst);
        Assert.Equal(TcpEstablished, connection.State);
        connection.OutsideNext = right;
        connection.FromOutside(Rst);
        Assert.Equal(TcpTransitory, connection.State);
        connection.FromInside(Rst);
        Assert.Equal(TcpTransitory, connection.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC7857-S2.2-2")]
    public void Connection_survives_a_reset_for_four_minutes_and_data_brings_it_back(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        Connection back = new Connection(bench, host, 5000).Open();
        Connection gone = new Connection(bench, host, 5001).Open();
        back.FromOutside(Rst);
        gone.FromOutside(Rst);
        bench.Advance(239);
        back.FromOutside(Ack, 100);
        Assert.Equal(TcpEstablished, back.State);
        bench.Advance(2);
        Assert.Equal(None, gone.State);
        Assert.Empty(gone.TryFromOutside(Ack, 100));
        bench.Advance(7000);
        back.FromInside(Ack);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5382-S5-1")]
    public void Closed_connections_endpoints_connect_anew_at_once(bool softwire)
    {
        using GatewayBench bench = new();
        Connection connection = new Connection(bench, new Host(bench, softwire), 5000).Open();
        (string, ushort) external = connection.External;
        connection.FromInside(Fin);
        connection.FromOutside(Fin);
        connection.FromInside(Ack);
        connection.InsideNext = 0x1234_5678;
        connection.OutsideNext = 0x0BAD_CAFE;
        connection.Open();
        Assert.Equal(TcpEstablished, connection.State);
        Assert.Equal(external, connection.External);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Connection_made_anew_after_a_reset_is_followed_by_its_new_numbers(bool softwire)
    {
        using GatewayBench bench = new();
        Connection connection = new Connection(bench, new Host(bench, softwire), 5000).Open();
        connection.FromOutside(Rst);
        connection.InsideNext = 0x1234_5678;
        connection.OutsideNext = 0xE000_0000;
        connection.Open();
        connection.FromOutside(Fin);
        Assert.Equal(TcpFinOutside, connection.State);
        connection.FromInside(Fin);
        Assert.Equal(TcpClosing, connection.State);
    }

    [Fact]
    [Requirement("RFC5382-CKSUM")]
    public void Checksums_of_ten_thousand_random_segments_stay_right()
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        System.Random random = new(1);
        for (int i = 0; i < 10_000; i++)
        {
            // Decoded verifies the checksum.
            byte[] sent = Assert.Single(host.Tcp(
                (ushort)(1024 + (i % 50)), GatewayBench.Server, (ushort)(1 + (i % 7)), i < 400 ? Syn : Ack,
                (uint)random.NextInt64(), (uint)random.NextInt64(), i % 3 == 0 ? random.Next(1, 1400) : 0));
            Assert.NotNull(new Decoded(sent).Tcp);
        }
    }

    private static void Send(Connection connection, string step)
    {
        TcpFlags flags = step[1] switch
        {
            'S' => Syn,
            'Y' => SynAck,
            'A' => Ack,
            'F' => Fin,
            _ => Rst,
        };
        if (step[0] == 'i')
            connection.FromInside(flags);
        else
            connection.FromOutside(flags);
    }
}
