using System;
using System.Collections.Generic;

using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>A host that speaks PCP to the gateway's well-known address.</summary>
public sealed class PcpHost(GatewayBench bench, bool softwire, int number = 1, string? address = null)
{
    public Host Host { get; } = new(bench, softwire, number, address);

    /// <summary>The one answer to a message.</summary>
    public PcpAnswer Ask(byte[] message)
    {
        Decoded answer = Host.Receives(Assert.Single(Send(message)));
        Assert.Equal("192.0.0.1", answer.Source);
        Assert.Equal((5351, 7000), (answer.Udp!.SourcePort, answer.Udp.DestinationPort));
        byte[] bytes = answer.Ipv4.Bytes.AsSpan(28).ToArray();
        Assert.Equal(2, bytes[0]);
        Assert.True((bytes[1] & 0x80) != 0);
        return new PcpAnswer(bytes);
    }

    /// <summary>All that comes back.</summary>
    public List<byte[]> Send(byte[] message) =>
        Host.ToNeighbour(PcpPackets.Datagram(Host.Address, 7000, "192.0.0.1", 5351, message));

    public PcpAnswer Map(
        ushort port = 5000, uint lifetime = 3600, int protocol = 17, ushort suggested = 0, byte nonce = 1,
        byte[]? options = null) => Ask(PcpPackets.Request(
            Host.Address, PcpPackets.Map, lifetime, protocol, port, suggested, nonce: nonce, options: options));

    public PcpAnswer Peer(
        ushort port = 5000, uint lifetime = 3600, string remote = GatewayBench.Server, ushort remotePort = 53,
        ushort suggested = 0, byte nonce = 1) => Ask(PcpPackets.Request(
            Host.Address, PcpPackets.Peer, lifetime, 17, port, suggested, remote: remote, remotePort: remotePort,
            nonce: nonce));
}
