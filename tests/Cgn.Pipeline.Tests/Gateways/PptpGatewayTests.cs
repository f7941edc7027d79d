using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>PPTP (RFC 2637): call identifiers in the control connection and in GRE.</summary>
public sealed class PptpGatewayTests
{
    private const ushort Pptp = 1723;

    public static TheoryData<bool, int> Ways => GatewayScene.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("PPTP-1")]
    public void Two_clients_of_one_subscriber_call_one_server(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards);
        List<(ushort Local, ushort Shown, string Address)> calls = [];
        foreach (ushort local in new ushort[] { 40000, 40002 })
        {
            (string Address, ushort Port) external = scene.Connect(local, Pptp);
            // Both give the same number, as hosts that have just started do, where they are different hosts; one host
            // gives different ones.
            ushort call = (ushort)(local - 39900);
            byte[] asked = Assert.Single(Say(scene, local, 1001, Message(7, 168, call))).Payload();
            ushort shown = BinaryPrimitives.ReadUInt16BigEndian(asked.AsSpan(12));
            calls.Add((call, shown, external.Address));
            byte[] accepted = Assert.Single(Hear(scene, external, 5001, 1169, Message(8, 32, 77, shown))).Payload();
            Assert.Equal(77, BinaryPrimitives.ReadUInt16BigEndian(accepted.AsSpan(12)));
            Assert.Equal(call, BinaryPrimitives.ReadUInt16BigEndian(accepted.AsSpan(14)));
            byte[] link = Assert.Single(Hear(scene, external, 5033, 1169, Message(15, 24, shown))).Payload();
            Assert.Equal(call, BinaryPrimitives.ReadUInt16BigEndian(link.AsSpan(12)));
            byte[] cleared = Assert.Single(Say(scene, local, 1169, Message(12, 16, call), 5057)).Payload();
            Assert.Equal(shown, BinaryPrimitives.ReadUInt16BigEndian(cleared.AsSpan(12)));
        }

        Assert.Equal(2, calls.Select(static call => call.Shown).Distinct().Count());
        foreach ((ushort local, ushort shown, string address) in calls)
        {
            Decoded data = scene.Host.Receives(Assert.Single(scene.Bench.FromServer(
                Packets.Ipv4(GatewayBench.Server, address, IpProtocol.Gre, Gre(shown)))));
            Assert.Equal(Gre(local), data.Ipv4.PayloadData ?? data.Ipv4.PayloadPacket.Bytes);
        }
    }

    [Fact]
    [Requirement("PPTP-1")]
    public void A_message_in_pieces_is_held_back_until_its_number_is_known()
    {
        using GatewayScene scene = new();
        scene.Connect(40000, Pptp);
        byte[] message = Message(7, 168, 100);
        byte[] whole = Assert.Single(Say(scene, 40000, 1001, message)).Payload();
        Assert.NotEqual(message, whole);
        List<byte> got = [];
        foreach (int at in Enumerable.Range(0, 168))
        {
            Decoded piece = Assert.Single(Say(scene, 40000, (uint)(1169 + at), message[at..(at + 1)]));
            got.AddRange(piece.Payload());
        }

        Assert.Equal(whole, got);
    }

    [Fact]
    [Requirement("RFC5382-REQ-6")]
    public void Switched_off_the_control_connection_passes_bit_for_bit()
    {
        using GatewayScene scene = new(on: ApplicationGateways.None);
        scene.Connect(40000, Pptp);
        Assert.Equal(Message(7, 168, 100), Assert.Single(Say(scene, 40000, 1001, Message(7, 168, 100))).Payload());
    }

    private static List<Decoded> Say(
        GatewayScene scene, ushort local, uint sequence, byte[] message, uint acknowledgment = 5001) =>
        scene.Say(local, Pptp, sequence, System.Text.Encoding.Latin1.GetString(message), acknowledgment);

    private static List<Decoded> Hear(
        GatewayScene scene, (string, ushort) external, uint sequence, uint acknowledgment, byte[] message) =>
        scene.Hear(external, Pptp, sequence, acknowledgment, System.Text.Encoding.Latin1.GetString(message));

    private static byte[] Message(ushort type, int length, ushort first, ushort second = 0)
    {
        byte[] message = new byte[length];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), 0x1A2B3C4D);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), type);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), first);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(14), second);
        return message;
    }

    private static byte[] Gre(ushort call) =>
        [0x30, 0x01, 0x88, 0x0B, 0, 4, (byte)(call >> 8), (byte)call, 0, 0, 0, 1, 1, 2, 3, 4];
}
