using System.Collections.Generic;

using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Neighbours reach each other through their external endpoints (RFC 4787 section 6, RFC 5382 section
/// 7.2).</summary>
public sealed class HairpinTests
{
    /// <summary>Caller and called: by softwire or not, and whose; and over how many shards.</summary>
    public static TheoryData<bool, int, bool, int, int> Pairs
    {
        get
        {
            TheoryData<bool, int, bool, int, int> pairs = [];
            foreach (int shards in new[] { 1, 4 })
            {
                for (int other = 2; other < 6; other++)
                {
                    pairs.Add(true, 1, true, other, shards);
                    pairs.Add(false, 1, false, other, shards);
                    pairs.Add(true, 1, false, other, shards);
                    pairs.Add(false, 1, true, other, shards);
                }

                // Both behind one B4.
                pairs.Add(true, 1, true, 1, shards);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    [Requirement("RFC5382-REQ-8")]
    [Requirement("RFC5382-REQ-8a")]
    public void Tcp_connection_of_neighbours_opens_carries_data_and_closes(
        bool callerBySoftwire, int caller, bool calledBySoftwire, int called, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host one = new(bench, callerBySoftwire, caller, worker: 0);
        Host two = Called(bench, caller, calledBySoftwire, called, shards);
        (string Address, ushort Port) server = two.External(tcp: true, 443);
        long mappings = bench.Gateway.Counter(CounterId.MappingsCreatedTcp);
        long sessions = bench.Gateway.Counter(CounterId.SessionsCreatedTcp);

        Decoded syn = two.Receives(Assert.Single(one.ToNeighbour(
            Packets.Tcp(one.Address, 6000, server.Address, server.Port, TcpFlags.Syn, 100))));
        (string Address, ushort Port) client = (syn.Source, syn.Tcp!.SourcePort);
        Assert.True(Decoded.IsInPool(client.Address));
        Assert.Equal(443, syn.Tcp.DestinationPort);
        Assert.Equal(63, syn.Ipv4.TimeToLive);
        // One session of each side's, and a mapping of the caller's.
        Assert.Equal(mappings + 1, bench.Gateway.Counter(CounterId.MappingsCreatedTcp));
        Assert.Equal(sessions + 2, bench.Gateway.Counter(CounterId.SessionsCreatedTcp));

        Back(TcpFlags.Syn | TcpFlags.Ack, 900, 101, 0);
        Forth(TcpFlags.Ack, 101, 901, 0);
        Forth(TcpFlags.Ack, 101, 901, 1000);
        Back(TcpFlags.Ack, 901, 1101, 1400);
        Forth(TcpFlags.Fin | TcpFlags.Ack, 1101, 2301, 0);
        Back(TcpFlags.Fin | TcpFlags.Ack, 2301, 1102, 0);
        Forth(TcpFlags.Ack, 1102, 2302, 0);
        Assert.Equal(8, bench.Gateway.Counter(CounterId.HairpinPackets));
        Assert.Empty(bench.Collect(FramePort.Outside));

        void Forth(TcpFlags flags, uint sequence, uint acknowledgment, int bytes)
        {
            Decoded got = two.Receives(Assert.Single(one.ToNeighbour(Packets.Tcp(
                one.Address, 6000, server.Address, server.Port, flags, sequence, acknowledgment, bytes))));
            Assert.Equal((client, (ushort)443), ((got.Source, got.Tcp!.SourcePort), got.Tcp.DestinationPort));
        }

        void Back(TcpFlags flags, uint sequence, uint acknowledgment, int bytes)
        {
            Decoded got = one.Receives(Assert.Single(two.ToNeighbour(Packets.Tcp(
                two.Address, 443, client.Address, client.Port, flags, sequence, acknowledgment, bytes))));
            Assert.Equal((server, (ushort)6000), ((got.Source, got.Tcp!.SourcePort), got.Tcp.DestinationPort));
        }
    }

    [Theory]
    [InlineData(FilteringType.EndpointIndependent, 1)]
    [InlineData(FilteringType.AddressDependent, 3)]
    [InlineData(FilteringType.AddressAndPortDependent, 3)]
    [Requirement("RFC5382-REQ-2a")]
    [Requirement("RFC5382-REQ-8")]
    public void Neighbours_may_open_simultaneously_whatever_the_filter(FilteringType filtering, int shards)
    {
        using GatewayBench bench = new(s => s with { FilteringType = filtering }, shards);
        Host one = new(bench, softwire: true);
        Host two = new(bench, softwire: false, 2, worker: shards - 1);
        (string Address, ushort Port) oneOutside = one.External(tcp: true, 5000);
        (string Address, ushort Port) twoOutside = two.External(tcp: true, 5000);
        byte[] first = Packets.Tcp(one.Address, 5000, twoOutside.Address, twoOutside.Port, TcpFlags.Syn, 100);
        byte[] second = Packets.Tcp(two.Address, 5000, oneOutside.Address, oneOutside.Port, TcpFlags.Syn, 900);
        bool filters = filtering != FilteringType.EndpointIndependent;
        // The first SYN waits at the other's filter; it is never answered, since the other's SYN follows.
        Assert.Equal(filters ? 0 : 1, one.ToNeighbour(first).Count);
        one.Receives(Assert.Single(two.ToNeighbour(second)));
        two.Receives(Assert.Single(one.ToNeighbour(first)));
        two.Receives(Assert.Single(one.ToNeighbour(Packets.Tcp(
            one.Address, 5000, twoOutside.Address, twoOutside.Port, TcpFlags.Syn | TcpFlags.Ack, 100, 901))));
        one.Receives(Assert.Single(two.ToNeighbour(Packets.Tcp(
            two.Address, 5000, oneOutside.Address, oneOutside.Port, TcpFlags.Syn | TcpFlags.Ack, 900, 101))));
        bench.Advance(7);
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Empty(bench.Collect(FramePort.Outside));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC7021-P2PGAME")]
    [Requirement("RFC4787-REQ-9")]
    [Requirement("RFC4787-REQ-9a")]
    public void Consoles_of_two_homes_behind_one_address_play_with_each_other_on_one_port(bool softwire, int shards)
    {
        const ushort GamePort = 3074;
        // One public address for all.
        using GatewayBench bench = new(shards: shards, snapshot: s => s with
        {
            Pools = [new PoolSettings("one", [new Ipv4PrefixSetting(0xCB007109, 32)], 1024, 65535, 512, 1200)],
        });
        Host one = new(bench, softwire, 1);
        Host two = new(bench, softwire, 2, worker: shards - 1);
        (string Address, ushort Port) oneOutside = one.External(tcp: false, GamePort, "192.0.2.9", GamePort);
        (string Address, ushort Port) twoOutside = two.External(tcp: false, GamePort, "192.0.2.9", GamePort);
        Assert.Equal("203.0.113.9", oneOutside.Address);
        Assert.Equal("203.0.113.9", twoOutside.Address);
        Assert.NotEqual(oneOutside.Port, twoOutside.Port);
        for (int i = 0; i < 3; i++)
        {
            Decoded got = two.Receives(Assert.Single(one.ToNeighbour(
                Packets.Udp(one.Address, GamePort, twoOutside.Address, twoOutside.Port))));
            Assert.Equal((oneOutside.Address, oneOutside.Port), (got.Source, got.Udp!.SourcePort));
            Assert.Equal(GamePort, got.Udp.DestinationPort);
            got = one.Receives(Assert.Single(two.ToNeighbour(
                Packets.Udp(two.Address, GamePort, oneOutside.Address, oneOutside.Port))));
            Assert.Equal((twoOutside.Address, twoOutside.Port), (got.Source, got.Udp!.SourcePort));
        }
    }

    private static Host Called(GatewayBench bench, int caller, bool softwire, int called, int shards) => new(
        bench, softwire, called, softwire && called == caller ? "192.168.1.3" : null, worker: shards - 1);
}
