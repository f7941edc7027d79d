using System;
using System.Collections.Generic;
using System.Text;

using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Garden;

/// <summary>A host in the walled garden, and a gateway with another plan beside it.</summary>
internal sealed class GardenScene : IDisposable
{
    public const string Portal = "192.0.2.80";
    public const string Forbidden = GatewayBench.Server;

    public GardenScene(
        bool softwire, string originalUrlKey = "", bool isGarden = true, int answersPerSecond = 10_000,
        Func<WalledGardenSettings, WalledGardenSettings>? change = null)
    {
        WalledGardenSettings garden = new()
        {
            Portal = $"http://{Portal}/login",
            Allow = [new Ipv4PrefixSetting(Ipv4Address.Parse(Portal).Value, 32)],
            OriginalUrlKey = originalUrlKey,
            AnswersPerSecond = answersPerSecond,
        };
        Bench = new GatewayBench(snapshot: all => all with
        {
            Plans = [all.Plans[0] with { WalledGarden = isGarden }, all.Plans[0]],
            WalledGarden = change?.Invoke(garden) ?? garden,
        });
        Host = new Host(Bench, softwire);
    }

    public GatewayBench Bench { get; }

    public Host Host { get; }

    /// <summary>Nothing was made that translates.</summary>
    public void NothingWasMade()
    {
        Assert.Equal(0, Bench.Gateway.Counter(CounterId.SessionsCreatedTcp));
        Assert.Equal(0, Bench.Gateway.Counter(CounterId.MappingsCreatedTcp));
        Assert.Equal(0, Bench.Gateway.Counter(CounterId.SessionsCreatedUdp));
        Assert.Equal(0, Bench.Gateway.Counter(CounterId.BlocksAllocated));
    }

    /// <summary>Sends a segment out of the garden; what comes back, of which there is one at most.</summary>
    public Decoded? Tcp(
        TcpFlags flags, uint sequence, uint acknowledgment = 0, string text = "", ushort port = 40000,
        ushort remotePort = 80) =>
        Answer(Packet(flags, sequence, acknowledgment, text, port, remotePort));

    public Decoded? Answer(byte[] packet)
    {
        Assert.Empty(Host.Send(packet));
        List<byte[]> answers = Bench.Collect(FramePort.Inside);
        return answers.Count == 0 ? null : Host.Receives(Assert.Single(answers));
    }

    /// <summary>Opens a connection: the number that the server begins with, after its SYN.</summary>
    public uint Open(uint sequence, ushort port = 40000)
    {
        Decoded accepted = Tcp(TcpFlags.Syn, sequence, port: port)!;
        uint begins = accepted.Tcp!.SequenceNumber + 1;
        Assert.Null(Tcp(TcpFlags.Ack, sequence + 1, begins, port: port));
        return begins;
    }

    public byte[] Packet(
        TcpFlags flags, uint sequence, uint acknowledgment, string text, ushort port = 40000, ushort remotePort = 80)
    {
        byte[] payload = Encoding.ASCII.GetBytes(text);
        byte[] segment = new byte[TcpHeader.Size + payload.Length];
        new TcpHeader
        {
            SourcePort = port,
            DestinationPort = remotePort,
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            Flags = flags,
            Window = 65535,
        }.Write(segment);
        payload.CopyTo(segment, TcpHeader.Size);
        Checksum.FillTcp(segment, Checksum.PseudoHeader(
            Ipv4Address.Parse(Host.Address), Ipv4Address.Parse(Forbidden), IpProtocol.Tcp, segment.Length));
        return Packets.Ipv4(Host.Address, Forbidden, IpProtocol.Tcp, segment);
    }

    /// <summary>Makes another plan the subscribers' own.</summary>
    public void Change(int plan, uint generation) => Bench.Gateway.Apply(Bench.Snapshot with
    {
        Generation = generation,
        Settings = Bench.Snapshot.Settings with { DefaultPlan = plan },
    });

    public void Dispose() => Bench.Dispose();
}
