using System;
using System.Buffers.Binary;
using System.Collections.Generic;

using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>
/// A STUN client behind the gateway and a server with two addresses and two ports outside (RFC 5780): what the client
/// finds out about whatever is between them, knowing nothing of it.
/// </summary>
internal sealed class StunProbe(GatewayBench bench, Host host)
{
    internal const string First = "198.51.100.1";
    internal const string Second = "192.0.2.1";
    internal const ushort Primary = 3478;
    internal const ushort Alternate = 3479;

    private const ushort Mapped = 0x0001;
    private const ushort XorMapped = 0x0020;
    private const ushort Padding = 0x0026;
    private const uint Cookie = 0x2112A442;
    private const int HeaderBytes = 20;

    /// <summary>What the server's answer said; where it said it twice, in clear and disguised, both.</summary>
    internal readonly record struct Answer(string Clear, string Disguised);

    /// <summary>
    /// A binding request, and its answer from one of the server's endpoints; null when nothing came back.
    /// </summary>
    internal Answer? Ask(
        ushort port, string server, ushort serverPort, string? from = null, ushort fromPort = 0, ushort toPort = 0,
        int padding = 0)
    {
        byte[] request = Message(0x0001, [], padding);
        (string Address, ushort Port, byte[] Payload)? seen = null;
        foreach (byte[] fragment in Fragments(Datagram(host.Address, port, server, serverPort, request)))
        {
            foreach (byte[] frame in host.Send(fragment))
                seen = Take(frame, seen);
        }

        Assert.NotNull(seen);
        Assert.Equal(request, seen.Value.Payload);
        Ipv4Address address = Ipv4Address.Parse(seen.Value.Address);
        byte[] response = Message(
            0x0101,
            [
                .. Attribute(Mapped, address.Value, seen.Value.Port),
                .. Attribute(XorMapped, address.Value ^ Cookie, (ushort)(seen.Value.Port ^ (Cookie >> 16))),
            ],
            padding);
        ushort target = toPort == 0 ? seen.Value.Port : toPort;
        byte[] datagram = Datagram(
            from ?? server, fromPort == 0 ? serverPort : fromPort, seen.Value.Address, target, response);
        (string Address, ushort Port, byte[] Payload)? got = null;
        foreach (byte[] fragment in Fragments(datagram))
        {
            foreach (byte[] frame in bench.FromServer(fragment))
            {
                _ = host.Receives(frame);
                got = Take(frame, got);
            }
        }

        return got is null ? null : Read(got.Value.Payload);
    }

    /// <summary>Sends to an endpoint of its own, as learned: whether it arrives, and from where.</summary>
    internal string? SendToOwn(ushort fromPort, string endpoint)
    {
        string[] parts = endpoint.Split(':');
        byte[] message = Message(0x0001, [], 0);
        byte[] packet = Datagram(host.Address, fromPort, parts[0], ushort.Parse(parts[1]), message);
        List<byte[]> got = host.ToNeighbour(packet);
        if (got.Count == 0)
            return null;
        Decoded decoded = host.Receives(Assert.Single(got));
        Assert.Equal(message, decoded.Udp!.PayloadData);
        return $"{decoded.Source}:{decoded.Udp.SourcePort}";
    }

    // Puts a datagram together from the frames that it came in.
    private static (string, ushort, byte[])? Take(byte[] frame, (string Address, ushort Port, byte[] Payload)? before)
    {
        Decoded packet = new(frame);
        if (packet.Ipv4.FragmentOffset == 0 && packet.Udp is { } whole && (packet.Ipv4.FragmentFlags & 1) == 0)
            return (packet.Source, whole.SourcePort, whole.PayloadData);
        int header = packet.Outer is null ? 34 : 74;
        ReadOnlySpan<byte> part = frame.AsSpan(header, packet.Ipv4.TotalLength - 20);
        return before is null
            ? (packet.Source, BinaryPrimitives.ReadUInt16BigEndian(part), part[8..].ToArray())
            : (before.Value.Address, before.Value.Port, [.. before.Value.Payload, .. part]);
    }

    private static byte[] Datagram(string source, ushort sourcePort, string target, ushort targetPort, byte[] payload)
    {
        byte[] datagram = new byte[UdpHeader.Size + payload.Length];
        new UdpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = targetPort,
            PayloadLength = payload.Length,
        }.Write(datagram);
        payload.CopyTo(datagram, UdpHeader.Size);
        Checksum.FillUdp(datagram, Checksum.PseudoHeader(
            Ipv4Address.Parse(source), Ipv4Address.Parse(target), IpProtocol.Udp, datagram.Length));
        return Packets.Ipv4(source, target, IpProtocol.Udp, datagram, dontFragment: datagram.Length <= 1400);
    }

    private static IEnumerable<byte[]> Fragments(byte[] packet)
    {
        const int Step = 1400;
        if (packet.Length <= Step)
        {
            yield return packet;
            yield break;
        }

        string source = new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(12))).ToString();
        string target = new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(16))).ToString();
        for (int at = 0; at + 20 < packet.Length; at += Step)
        {
            int length = Math.Min(Step, packet.Length - 20 - at);
            yield return Packets.Ipv4(
                source, target, IpProtocol.Udp, packet.AsSpan(20 + at, length), identification: 77, dontFragment: false,
                moreFragments: 20 + at + length < packet.Length, fragmentOffset: at);
        }
    }

    private static byte[] Message(ushort type, byte[] attributes, int padding)
    {
        byte[] pad = padding == 0 ? [] : [Padding >> 8, Padding & 255, (byte)(padding >> 8), (byte)padding,
            .. new byte[padding]];
        byte[] message = [.. new byte[HeaderBytes], .. attributes, .. pad];
        BinaryPrimitives.WriteUInt16BigEndian(message, type);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(message.Length - HeaderBytes));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), Cookie);
        return message;
    }

    private static byte[] Attribute(ushort type, uint address, ushort port)
    {
        byte[] attribute = [0, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(attribute, type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute.AsSpan(6), port);
        BinaryPrimitives.WriteUInt32BigEndian(attribute.AsSpan(8), address);
        return attribute;
    }

    private static Answer Read(byte[] message)
    {
        ReadOnlySpan<byte> clear = message.AsSpan(HeaderBytes + 4);
        ReadOnlySpan<byte> disguised = message.AsSpan(HeaderBytes + 16);
        return new Answer(
            Endpoint(
                BinaryPrimitives.ReadUInt32BigEndian(clear[4..]), BinaryPrimitives.ReadUInt16BigEndian(clear[2..])),
            Endpoint(
                BinaryPrimitives.ReadUInt32BigEndian(disguised[4..]) ^ Cookie,
                (ushort)(BinaryPrimitives.ReadUInt16BigEndian(disguised[2..]) ^ (Cookie >> 16))));
    }

    private static string Endpoint(uint address, ushort port) => $"{new Ipv4Address(address)}:{port}";
}
