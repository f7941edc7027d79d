using System.Collections.Generic;

using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>
/// A host behind the gateway, by softwire or as a NAT444 customer, so that one test speaks for both. Its packets arrive
/// at a worker of the test's choice, by default always the first, whoever owns them.
/// </summary>
public sealed class Host(GatewayBench bench, bool softwire, int number = 1, string? address = null, int worker = 0)
{
    private readonly string _b4 = $"2001:db8:100:{number << 8:x}::2";

    public string Address { get; } = address ?? (softwire ? "192.168.1.2" : $"100.64.0.{number}");

    /// <summary>What leaves outside when the host sends a UDP datagram.</summary>
    public List<byte[]> Udp(ushort port, string remote, ushort remotePort, int payloadBytes = 18) =>
        Send(Packets.Udp(Address, port, remote, remotePort, payloadBytes));

    /// <summary>What leaves outside when the host sends a TCP segment.</summary>
    public List<byte[]> Tcp(
        ushort port, string remote, ushort remotePort, TcpFlags flags, uint sequence = 1000, uint acknowledgment = 0,
        int payloadBytes = 0) =>
        Send(Packets.Tcp(Address, port, remote, remotePort, flags, sequence, acknowledgment, payloadBytes));

    public List<byte[]> Send(byte[] packet)
    {
        byte[] frame = Packets.Ethernet(softwire ? Packets.Softwire(_b4, GatewayBench.Aftr, packet) : packet);
        return bench.FromInside(frame, worker);
    }

    /// <summary>Sends to a neighbour: what leaves inside.</summary>
    public List<byte[]> ToNeighbour(byte[] packet)
    {
        Assert.Empty(Send(packet));
        return bench.Collect(FramePort.Inside);
    }

    /// <summary>The external endpoint of a UDP or TCP port, opened by one packet to somewhere.</summary>
    public (string Address, ushort Port) External(
        bool tcp, ushort port, string remote = GatewayBench.Server, ushort remotePort = 9)
    {
        byte[] sent = Assert.Single(tcp ? Tcp(port, remote, remotePort, TcpFlags.Syn) : Udp(port, remote, remotePort));
        Decoded packet = new(sent);
        return (packet.Source, tcp ? packet.Tcp!.SourcePort : packet.Udp!.SourcePort);
    }

    /// <summary>A frame that left inside is for this host; the packet in it.</summary>
    public Decoded Receives(byte[] frame)
    {
        Decoded packet = new(frame);
        Assert.Equal(softwire ? _b4 : null, packet.Outer?.DestinationAddress.ToString());
        Assert.Equal(Address, packet.Destination);
        return packet;
    }
}
