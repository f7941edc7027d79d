using System;
using System.Buffers.Binary;

using Cgn.Wire;

namespace Cgn.Testing;

/// <summary>PCP messages by their bytes (RFC 6887 section 7).</summary>
public static class PcpPackets
{
    public const int Map = 1;
    public const int Peer = 2;

    /// <summary>A request: header, and what of MAP and PEER there is room for.</summary>
    public static byte[] Request(
        string client, int opcode, uint lifetime = 3600, int protocol = 17, ushort internalPort = 5000,
        ushort suggestedPort = 0, string? suggestedAddress = null, string? remote = null, ushort remotePort = 53,
        byte nonce = 1, byte[]? options = null)
    {
        int size = opcode == Map ? 60 : opcode == Peer ? 80 : 24;
        byte[] message = new byte[size + (options?.Length ?? 0)];
        message[0] = 2;
        message[1] = (byte)opcode;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), lifetime);
        WriteAddress(message.AsSpan(8), client);
        options?.CopyTo(message, size);
        if (size == 24)
            return message;
        message.AsSpan(24, 12).Fill(nonce);
        message[36] = (byte)protocol;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(40), internalPort);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(42), suggestedPort);
        WriteAddress(message.AsSpan(44), suggestedAddress ?? "0.0.0.0");
        if (size == 60)
            return message;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(60), remotePort);
        WriteAddress(message.AsSpan(64), remote ?? "0.0.0.0");
        return message;
    }

    /// <summary>An IPv4-mapped address.</summary>
    public static void WriteAddress(Span<byte> to, string address)
    {
        to[..10].Clear();
        to[10] = to[11] = 0xFF;
        BinaryPrimitives.WriteUInt32BigEndian(to[12..], Ipv4Address.Parse(address).Value);
    }

    /// <summary>A datagram with a payload of one's own.</summary>
    public static byte[] Datagram(
        string source, ushort sourcePort, string destination, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] packet = Packets.Udp(source, sourcePort, destination, destinationPort, payload.Length);
        payload.CopyTo(packet.AsSpan(28));
        packet.AsSpan(26, 2).Clear();
        Checksum.FillUdp(packet.AsSpan(20), Checksum.PseudoHeader(
            Ipv4Address.Parse(source), Ipv4Address.Parse(destination), IpProtocol.Udp, packet.Length - 20));
        return packet;
    }
}
