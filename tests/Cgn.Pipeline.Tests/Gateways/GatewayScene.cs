using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>A host behind a gateway with application gateways on, and a server outside.</summary>
public sealed class GatewayScene : IDisposable
{
    public const byte TcpNumber = (byte)IpProtocol.Tcp;
    public const byte UdpNumber = (byte)IpProtocol.Udp;

    private static readonly GatewayPort[] s_ports =
    [
        new(ApplicationGateways.Ftp, TcpNumber, 21), new(ApplicationGateways.Sip, TcpNumber, 5060),
        new(ApplicationGateways.Sip, UdpNumber, 5060), new(ApplicationGateways.Rtsp, TcpNumber, 554),
        new(ApplicationGateways.Pptp, TcpNumber, 1723), new(ApplicationGateways.Tftp, UdpNumber, 69),
    ];

    public GatewayScene(
        bool softwire = true, int shards = 1, FilteringType filtering = FilteringType.AddressAndPortDependent,
        ApplicationGateways on = (ApplicationGateways)31, StaticMapping? mapping = null)
    {
        Bench = new GatewayBench(
            settings => settings with { FilteringType = filtering }, shards, plan => plan with { Gateways = on },
            all => all with { GatewayPorts = s_ports, StaticMappings = mapping is { } fixedOne ? [fixedOne] : [] });
        Host = new Host(Bench, softwire);
    }

    public GatewayBench Bench { get; }

    public Host Host { get; }

    /// <summary>Both kinds of access, one shard and several.</summary>
    public static TheoryData<bool, int> Ways => new() { { true, 1 }, { false, 1 }, { true, 4 }, { false, 4 } };

    /// <summary>Opens a TCP connection from the host: sequence numbers 1001 inside, 5001 outside.</summary>
    /// <returns>The host's external endpoint.</returns>
    public (string Address, ushort Port) Connect(ushort port, ushort remotePort, string remote = GatewayBench.Server)
    {
        Decoded syn = new(Assert.Single(Host.Send(TextPackets.Tcp(
            Host.Address, port, remote, remotePort, TcpFlags.Syn, 1000, 0, []))));
        Assert.Single(Bench.FromServer(TextPackets.Tcp(
            remote, remotePort, syn.Source, syn.Tcp!.SourcePort, TcpFlags.Syn | TcpFlags.Ack, 5000, 1001, [])));
        Assert.Single(Host.Send(TextPackets.Tcp(
            Host.Address, port, remote, remotePort, TcpFlags.Ack, 1001, 5001, [])));
        return (syn.Source, syn.Tcp.SourcePort);
    }

    /// <summary>What leaves outside when the host says something on a connection to the server.</summary>
    public List<Decoded> Say(
        ushort port, ushort remotePort, uint sequence, string text, uint acknowledgment = 5001,
        ReadOnlySpan<byte> options = default, TcpFlags flags = TcpFlags.Ack | TcpFlags.Psh, ushort urgent = 0) =>
        [.. Host.Send(TextPackets.Tcp(
            Host.Address, port, GatewayBench.Server, remotePort, flags, sequence, acknowledgment,
            TextPackets.Bytes(text), options, urgent)).Select(static frame => new Decoded(frame))];

    /// <summary>What reaches the host when the server says something.</summary>
    public List<Decoded> Hear(
        (string Address, ushort Port) external, ushort remotePort, uint sequence, uint acknowledgment, string text,
        ReadOnlySpan<byte> options = default) =>
        [.. Bench.FromServer(TextPackets.Tcp(
            GatewayBench.Server, remotePort, external.Address, external.Port, TcpFlags.Ack | TcpFlags.Psh, sequence,
            acknowledgment, TextPackets.Bytes(text), options)).Select(Host.Receives)];

    /// <summary>A SYN from outside to an endpoint; null when it does not reach the host.</summary>
    public Decoded? Call(string address, ushort port, ushort fromPort = 20, string from = GatewayBench.Server) =>
        Bench.FromServer(TextPackets.Tcp(from, fromPort, address, port, TcpFlags.Syn, 7000, 0, []))
            .Select(Host.Receives).SingleOrDefault();

    /// <summary>The endpoint in a list of six numbers, as FTP writes it.</summary>
    public static (string Address, ushort Port) SixNumbers(string text)
    {
        int[] parts = [.. text.Split(' ')[^1].Trim('\r', '\n', '(', ')', '.').Split(',').Select(int.Parse)];
        return (string.Join('.', parts[..4]), (ushort)((parts[4] << 8) | parts[5]));
    }

    public void Dispose() => Bench.Dispose();
}
