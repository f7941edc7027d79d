using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Nat;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>
/// A TCP connection between a host behind the gateway and a server outside, segment by segment. Each side sends the
/// number that it would send next; every segment must come out, and only one.
/// </summary>
public sealed class Connection(
    GatewayBench bench, Host host, ushort port, string server = GatewayBench.Server, ushort serverPort = 80)
{
    public uint InsideNext { get; set; } = 0xFFFF_FF00;

    public uint OutsideNext { get; set; } = 0x7000_0000;

    public (string Address, ushort Port) External { get; private set; }

    /// <summary>SYN, SYN-ACK, ACK.</summary>
    public Connection Open()
    {
        FromInside(TcpFlags.Syn);
        FromOutside(TcpFlags.Syn | TcpFlags.Ack);
        FromInside(TcpFlags.Ack);
        return this;
    }

    public void FromInside(TcpFlags flags, int payloadBytes = 0)
    {
        Decoded sent = new(Assert.Single(TryFromInside(flags, payloadBytes)));
        External = (sent.Source, sent.Tcp!.SourcePort);
        Assert.Equal(payloadBytes, sent.Tcp.PayloadData.Length);
    }

    public void FromOutside(TcpFlags flags, int payloadBytes = 0)
    {
        Decoded got = host.Receives(Assert.Single(TryFromOutside(flags, payloadBytes)));
        Assert.Equal(port, got.Tcp!.DestinationPort);
        Assert.Equal(payloadBytes, got.Tcp.PayloadData.Length);
    }

    public List<byte[]> TryFromInside(TcpFlags flags, int payloadBytes = 0)
    {
        List<byte[]> sent = host.Tcp(
            port, server, serverPort, flags, InsideNext, Number(flags, OutsideNext), payloadBytes);
        InsideNext += Length(flags, payloadBytes);
        return sent;
    }

    public List<byte[]> TryFromOutside(TcpFlags flags, int payloadBytes = 0)
    {
        List<byte[]> got = bench.FromServer(Packets.Tcp(
            server, serverPort, External.Address, External.Port, flags, OutsideNext, Number(flags, InsideNext),
            payloadBytes));
        OutsideNext += Length(flags, payloadBytes);
        return got;
    }

    /// <summary>What tracking makes of it; <see cref="SessionState.None"/> when its session has ended.</summary>
    public SessionState State
    {
        get
        {
            FlowKey flow = new()
            {
                Protocol = (byte)IpProtocol.Tcp,
                InternalAddress = Ipv4Address.Parse(External.Address).Value,
                InternalPort = External.Port,
                RemoteAddress = Ipv4Address.Parse(server).Value,
                RemotePort = serverPort,
            };
            for (int shard = 0; shard < bench.Gateway.ShardCount; shard++)
            {
                NatShard nat = bench.Gateway.Shard(shard);
                uint session = nat.FindInbound(nat.InboundHash(flow), flow, bench.Now.Tick);
                if (session != 0)
                    return nat.Session(session).State;
            }

            return SessionState.None;
        }
    }

    private static uint Number(TcpFlags flags, uint next) => flags.HasFlag(TcpFlags.Ack) ? next : 0;

    private static uint Length(TcpFlags flags, int payloadBytes) =>
        (uint)payloadBytes + (flags.HasFlag(TcpFlags.Syn) || flags.HasFlag(TcpFlags.Fin) ? 1u : 0u);
}
