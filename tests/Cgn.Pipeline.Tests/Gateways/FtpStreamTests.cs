using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>
/// A control connection over a network that loses, doubles, reorders and cuts up segments: what the server puts
/// together is the client's stream with every endpoint in it rewritten, and each side's numbers are its own.
/// </summary>
public sealed class FtpStreamTests
{
    private const uint Inside = 1000;
    private const uint Outside = 5000;
    private const int RoundsMax = 20_000;
    private const int WindowBytes = 250;

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    [Requirement("ALG-FTP-1")]
    public void Every_byte_arrives_once_and_right(int seed)
    {
        using GatewayScene scene = new(
            softwire: (seed & 1) != 0, shards: (seed & 2) != 0 ? 4 : 1, FilteringType.AddressDependent);
        (string Address, ushort Port) external = scene.Connect(40000, 21);
        Prng chance = new((ulong)seed);
        string said = Dialogue(scene.Host.Address, ref chance);
        byte[] stream = Encoding.Latin1.GetBytes(said);
        SortedDictionary<uint, byte> received = [];
        uint acknowledged = 0;
        uint sent = 0;
        List<byte[]> late = [];
        for (int round = 0; acknowledged < stream.Length; round++)
        {
            Assert.True(round < RoundsMax, $"seed {seed}: stuck at byte {acknowledged} of {stream.Length}");
            // Anything of what is not acknowledged yet, sent before or not, in pieces of any size.
            uint from = acknowledged + (chance.Next() % 3 == 0 ? 0 : (uint)(chance.Next() % (sent - acknowledged + 1)));
            int length = (int)Math.Min(
                Math.Min(1 + (chance.Next() % (chance.Next() % 4 == 0 ? 200u : 12u)), (ulong)stream.Length - from),
                acknowledged + WindowBytes - from);
            if (length <= 0)
                continue;
            sent = Math.Max(sent, from + (uint)length);
            late.AddRange(scene.Host.Send(TextPackets.Tcp(
                scene.Host.Address, 40000, GatewayBench.Server, 21, TcpFlags.Ack | TcpFlags.Psh, Inside + 1 + from,
                Outside + 1, stream.AsSpan((int)from, length))));
            Deliver(late, received, ref chance);
            acknowledged = Answer(scene, external, received, acknowledged, ref chance);
            Assert.True(acknowledged <= sent, $"seed {seed}: acknowledged what was not sent");
        }

        string[] told = Encoding.Latin1.GetString([.. received.Values]).Split("\r\n");
        string[] lines = said.Split("\r\n");
        Assert.Equal(lines.Length, told.Length);
        foreach ((string line, string heard) in lines.Zip(told))
            Check(scene, external, line, heard);
    }

    // Some are lost, some come twice, some late: what arrives never contradicts what has arrived before.
    private static void Deliver(List<byte[]> late, SortedDictionary<uint, byte> received, ref Prng chance)
    {
        for (int i = late.Count - 1; i >= 0; i--)
        {
            ulong fate = chance.Next() % 10;
            if (fate < 7)
            {
                Decoded packet = new(late[i]);
                byte[] payload = packet.Payload();
                for (int at = 0; at < payload.Length; at++)
                {
                    uint place = packet.Tcp!.SequenceNumber + (uint)at;
                    Assert.True(!received.TryGetValue(place, out byte there) || there == payload[at]);
                    received[place] = payload[at];
                }
            }

            if (fate < 9)
                late.RemoveAt(i);
        }
    }

    private static uint Answer(
        GatewayScene scene, (string, ushort) external, SortedDictionary<uint, byte> received, uint acknowledged,
        ref Prng chance)
    {
        uint next = Inside + 1;
        foreach (uint place in received.Keys)
        {
            if (place != next)
                break;
            next++;
        }

        foreach (Decoded heard in scene.Hear(external, 21, Outside + 1, next, ""))
        {
            if (chance.Next() % 4 == 0)
                continue;
            acknowledged = Math.Max(acknowledged, heard.Tcp!.AcknowledgmentNumber - Inside - 1);
        }

        return acknowledged;
    }

    private static void Check(GatewayScene scene, (string Address, ushort) external, string line, string heard)
    {
        if (line.StartsWith("PORT ", StringComparison.Ordinal))
        {
            (string address, ushort port) = GatewayScene.SixNumbers(heard);
            Assert.Equal(external.Address, address);
            Assert.Equal(GatewayScene.SixNumbers(line).Port, scene.Call(address, port)!.Tcp!.DestinationPort);
        }
        else if (line.StartsWith("EPRT |1", StringComparison.Ordinal))
        {
            string[] parts = heard.Split('|');
            Assert.Equal(external.Address, parts[2]);
            Assert.Equal(
                ushort.Parse(line.Split('|')[3]), scene.Call(parts[2], ushort.Parse(parts[3]))!.Tcp!.DestinationPort);
        }
        else
        {
            Assert.Equal(line, heard);
        }
    }

    private static string Dialogue(string address, ref Prng chance)
    {
        StringBuilder text = new();
        for (int i = 0; i < 20; i++)
        {
            int port = 1024 + (int)(chance.Next() % 60000);
            text.Append((chance.Next() % 6) switch
            {
                0 => $"PORT {address.Replace('.', ',')},{port >> 8},{port & 255}\r\n",
                1 => $"EPRT |1|{address}|{port}|\r\n",
                2 => "P\r\n",
                3 => $"STOR {new string('x', 20 + (int)(chance.Next() % 150))}\r\n",
                4 => "EPRT |2|2001:db8::7|4000|\r\n",
                _ => "NOOP\r\n",
            });
        }

        return text.ToString();
    }
}
