using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Protocols without ports, carried by their addresses alone or not at all.</summary>
public sealed class AddressOnlyTransportTests
{
    private const string Server = GatewayBench.Server;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-REQ-1-UNS")]
    [Requirement("RFC7659-ST-09")]
    public void Sctp_is_dropped_and_answered_protocol_unreachable_within_the_rate(bool softwire)
    {
        using GatewayBench bench = new(settings: all => all with { IcmpErrorsPerSecond = 10 });
        Host host = new(bench, softwire);
        int answers = 0;
        for (int i = 0; i < 100; i++)
        {
            byte[] packet = TransportPackets.Bare(host.Address, Server, 132);
            foreach (byte[] frame in host.ToNeighbour(packet))
            {
                byte[] message = host.Receives(frame).Ipv4.Bytes.AsSpan(20).ToArray();
                Assert.Equal((3, 2), (message[0], message[1]));
                answers++;
            }
        }

        Assert.Equal(100, bench.Gateway.Drops(DropReason.UnsupportedProtocol));
        Assert.InRange(answers, 1, 11);
        Assert.Equal(0u, bench.Gateway.Shard(0).MappingCount);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("SCTP-1")]
    public void Sctp_where_wanted_keeps_ports_and_so_its_sum(bool softwire, int shards)
    {
        using GatewayBench bench = new(settings: all => all with
        {
            Protocols = all.Protocols with { Sctp = ProtocolRule.AddressOnly },
        }, shards: shards);
        Host host = new(bench, softwire);
        byte[] packet = TransportPackets.Bare(host.Address, Server, 132);
        Decoded sent = new(Assert.Single(host.Send(packet)));
        Assert.Equal(packet.AsSpan(20).ToArray(), sent.Ipv4.Bytes.AsSpan(20).ToArray());
        for (int worker = 0; worker < shards; worker++)
        {
            byte[] back = TransportPackets.Bare(Server, sent.Source, 132);
            host.Receives(Assert.Single(bench.FromServer(back, worker)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("GRE-1")]
    public void One_inside_peer_for_each_remote_and_external_address(bool softwire)
    {
        using GatewayBench bench = new(snapshot: static all => all with
        {
            Pools = [new PoolSettings("one", [new Ipv4PrefixSetting(0xCB007100, 32)], 1024, 65535, 512, 1200)],
        });
        Host host = new(bench, softwire);
        Host other = new(bench, softwire, 2);
        Decoded sent = new(Assert.Single(host.Send(TransportPackets.Bare(host.Address, Server, 47))));
        Assert.Single(other.ToNeighbour(TransportPackets.Bare(other.Address, Server, 47)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.AddressOnlyConflict));
        Assert.Single(other.Send(TransportPackets.Bare(other.Address, "198.51.100.2", 47)));
        host.Receives(Assert.Single(bench.FromServer(TransportPackets.Bare(Server, sent.Source, 47))));
        Assert.Empty(bench.FromServer(TransportPackets.Bare("198.51.100.3", sent.Source, 47)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("ESP-1")]
    public void Ike_passes_by_any_port_and_esp_by_policy(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        foreach (ushort port in new ushort[] { 500, 4500 })
        {
            Decoded sent = new(Assert.Single(host.Udp(port, Server, port)));
            Decoded back = host.Receives(Assert.Single(bench.FromServer(
                Packets.Udp(Server, port, sent.Source, sent.Udp!.SourcePort))));
            Assert.Equal(port, back.Udp!.DestinationPort);
        }

        Decoded esp = new(Assert.Single(host.Send(TransportPackets.Bare(host.Address, Server, 50))));
        host.Receives(Assert.Single(bench.FromServer(TransportPackets.Bare(Server, esp.Source, 50))));
        using GatewayBench without = new(settings: static all => all with
        {
            Protocols = all.Protocols with { Esp = ProtocolRule.Drop },
        });
        Host refused = new(without, softwire);
        Assert.Single(refused.ToNeighbour(TransportPackets.Bare(refused.Address, Server, 50)));
        Assert.Single(refused.Udp(4500, Server, 4500));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("AH-1")]
    public void Authentication_headers_are_dropped_unless_the_operator_insists(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        Assert.Empty(host.Send(TransportPackets.Bare(host.Address, Server, 51)));
        bench.Collect(FramePort.Inside);
        Assert.Equal(1, bench.Gateway.Drops(DropReason.UnsupportedProtocol));
        using GatewayBench insisted = new(settings: static all => all with
        {
            Protocols = all.Protocols with { Ah = ProtocolRule.AddressOnly },
        });
        Host carried = new(insisted, softwire);
        Assert.Single(carried.Send(TransportPackets.Bare(carried.Address, Server, 51)));
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(true, 41)]
    [InlineData(true, 94)]
    [InlineData(false, 41)]
    [Requirement("IPIP-1")]
    public void Tunnels_are_dropped_and_answered_unless_configured(bool softwire, int protocol)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        Decoded answer = host.Receives(Assert.Single(host.ToNeighbour(
            TransportPackets.Bare(host.Address, Server, protocol))));
        byte[] message = answer.Ipv4.Bytes.AsSpan(20).ToArray();
        Assert.Equal((3, 2), (message[0], message[1]));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.UnsupportedProtocol));
        using GatewayBench with = new(settings: static all => all with
        {
            Protocols = all.Protocols with { IpInIp = ProtocolRule.AddressOnly },
        });
        Host carried = new(with, softwire);
        Assert.Single(carried.Send(TransportPackets.Bare(carried.Address, Server, protocol)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("IGMP-1")]
    public void Multicast_and_igmp_end_here(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        Assert.Empty(host.ToNeighbour(TransportPackets.Bare(host.Address, "224.0.0.1", 2)));
        Assert.Empty(host.ToNeighbour(Packets.Udp(host.Address, 5000, "239.1.2.3", 5000)));
        Assert.Empty(host.Send(TransportPackets.Bare(host.Address, Server, 2)));
        bench.Collect(FramePort.Inside);
        Assert.Equal(2, bench.Gateway.Drops(DropReason.Martian));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.UnsupportedProtocol));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    public void Neighbours_meet_once_both_have_sent(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire);
        Host other = new(bench, softwire, 2);
        string mine = host.External(tcp: false, 1).Address;
        string yours = other.External(tcp: false, 1).Address;
        if (mine == yours)
            return;
        Assert.Empty(host.ToNeighbour(TransportPackets.Bare(host.Address, yours, 50)));
        host.Receives(Assert.Single(other.ToNeighbour(TransportPackets.Bare(other.Address, mine, 50))));
        Decoded arrived = other.Receives(Assert.Single(host.ToNeighbour(
            TransportPackets.Bare(host.Address, yours, 50))));
        Assert.Equal(mine, arrived.Source);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 4)]
    public void Errors_and_fragments_go_the_same_way(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire);
        Decoded sent = new(Assert.Single(host.Send(TransportPackets.Bare(host.Address, Server, 50))));
        Decoded error = host.Receives(Assert.Single(bench.FromServer(Packets.IcmpError(
            "198.51.100.99", sent.Source, IcmpType.TimeExceeded, 0, sent.Ipv4.Bytes))));
        Assert.Equal(host.Address, Ipv4Address.Read(error.Ipv4.Bytes.AsSpan(20 + 8 + 12)).ToString());
        byte[] payload = new byte[64];
        Assert.Empty(bench.FromServer(Packets.Ipv4(
            Server, sent.Source, IpProtocol.Esp, payload, identification: 5, dontFragment: false,
            fragmentOffset: 64), shards - 1));
        Assert.Equal(2, bench.FromServer(Packets.Ipv4(
            Server, sent.Source, IpProtocol.Esp, payload, identification: 5, dontFragment: false,
            moreFragments: true)).Count);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("PPTP-1")]
    public void A_client_of_pptp_passes_alone_and_by_calls_with_others(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire);
        Decoded sent = new(Assert.Single(host.Send(TransportPackets.Pptp(host.Address, Server, 900))));
        Assert.Equal(900, Call(sent));
        for (int worker = 0; worker < shards; worker++)
        {
            byte[] back = TransportPackets.Pptp(Server, sent.Source, 7);
            Assert.Equal(7, Call(host.Receives(Assert.Single(bench.FromServer(back, worker)))));
        }

        // Two more, of another subscriber, whose gateway knows their calls.
        Host one = new(bench, softwire, 2);
        Host two = new(bench, softwire, 2, softwire ? "192.168.1.3" : null);
        (string address, ushort call) = Begin(bench, one, Server, 7);
        (_, ushort other) = Begin(bench, two, Server, softwire ? (ushort)7 : (ushort)8);
        Assert.Equal(address, new Decoded(Assert.Single(
            one.Send(TransportPackets.Pptp(one.Address, Server, 901)))).Source);
        Assert.Single(two.Send(TransportPackets.Pptp(two.Address, Server, 902)));
        for (int worker = 0; worker < shards; worker++)
        {
            byte[] toOne = TransportPackets.Pptp(Server, address, call);
            Assert.Equal(7, Call(one.Receives(Assert.Single(bench.FromServer(toOne, worker)))));
            byte[] toTwo = TransportPackets.Pptp(Server, address, other);
            Assert.Equal(softwire ? 7 : 8, Call(two.Receives(Assert.Single(bench.FromServer(toTwo, worker)))));
        }

        Assert.Empty(bench.FromServer(TransportPackets.Pptp("198.51.100.7", address, call)));
    }

    private static int Call(Decoded packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.Ipv4.Bytes.AsSpan(26));

    // What the gateway of PPTP does when a call's number passes by in its control connection.
    private static (string Address, ushort Call) Begin(GatewayBench bench, Host host, string remote, ushort call)
    {
        host.External(tcp: true, 3000, remote, 1723);
        for (int i = 0; i < bench.Snapshot.Settings.ShardCount; i++)
        {
            NatShard shard = bench.Gateway.Shard(i);
            for (uint subscriber = 1; subscriber <= shard.SubscriberCount; subscriber++)
            {
                SubscriberKey key = shard.KeyOf(shard.Subscriber(subscriber));
                uint inside = Ipv4Address.Parse(host.Address).Value;
                uint control = shard.FindMappingInternal(key, inside, 3000, (byte)IpProtocol.Tcp);
                if (control == 0)
                    continue;
                ExplicitRequest request = new()
                {
                    Kind = ExplicitKind.Call,
                    Protocol = (byte)IpProtocol.Gre,
                    InternalAddress = inside,
                    InternalPort = call,
                    RemoteAddress = Ipv4Address.Parse(remote).Value,
                    Control = shard.Mapping(control).FirstSession,
                };
                uint mapping = shard.MakeExplicit(subscriber, request, bench.Now, out DropReason refusal);
                Assert.Equal(DropReason.None, refusal);
                ref MappingRecord m = ref shard.Mapping(mapping);
                return (new Ipv4Address(m.ExternalAddress).ToString(), m.ExternalPort);
            }
        }

        throw new InvalidOperationException("no shard knows the control connection");
    }
}
