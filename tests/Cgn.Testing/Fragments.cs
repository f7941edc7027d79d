using System;
using System.Buffers.Binary;
using System.Collections.Generic;

using Cgn.Wire;

namespace Cgn.Testing;

/// <summary>Cuts packets as hosts and B4s do.</summary>
public static class Fragments
{
    /// <summary>An inner packet in a softwire that is fragmented outside (RFC 6333 5.3).</summary>
    /// <param name="b4">The B4's address.</param>
    /// <param name="aftr">The AFTR's.</param>
    /// <param name="inner">The inner packet.</param>
    /// <param name="each">Bytes of it in each fragment, a multiple of eight.</param>
    /// <param name="identification">What the fragments have in common.</param>
    public static List<byte[]> Outer(
        string b4, string aftr, ReadOnlySpan<byte> inner, int each = 1448, uint identification = 7)
    {
        List<byte[]> fragments = [];
        for (int at = 0; at < inner.Length; at += each)
        {
            int end = Math.Min(at + each, inner.Length);
            fragments.Add(Outer(b4, aftr, inner[at..end], at, end < inner.Length, identification));
        }

        return fragments;
    }

    /// <summary>One outer fragment.</summary>
    public static byte[] Outer(
        string b4, string aftr, ReadOnlySpan<byte> part, int offset, bool more, uint identification = 7,
        IpProtocol next = IpProtocol.Ipv4)
    {
        byte[] behind = new byte[Ipv6FragmentHeader.Size + part.Length];
        new Ipv6FragmentHeader
        {
            NextHeader = next,
            FragmentOffsetBytes = offset,
            MoreFragments = more,
            Identification = identification,
        }.Write(behind);
        part.CopyTo(behind.AsSpan(Ipv6FragmentHeader.Size));
        byte[] packet = Packets.Softwire(b4, aftr, behind);
        packet[6] = (byte)IpProtocol.Fragment;
        return packet;
    }

    /// <summary>An IPv4 packet without options in fragments.</summary>
    /// <param name="packet">The packet; its DF flag is not carried over.</param>
    /// <param name="each">Payload bytes of each fragment, a multiple of eight.</param>
    public static List<byte[]> Ipv4(ReadOnlySpan<byte> packet, int each)
    {
        List<byte[]> fragments = [];
        ReadOnlySpan<byte> payload = packet[Ipv4Header.Size..];
        for (int at = 0; at < payload.Length; at += each)
        {
            int end = Math.Min(at + each, payload.Length);
            byte[] fragment = [.. packet[..Ipv4Header.Size], .. payload[at..end]];
            int flags = end < payload.Length ? 0x2000 : 0;
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(2), (ushort)fragment.Length);
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(6), (ushort)(flags | (at / 8)));
            FillHeader(fragment);
            fragments.Add(fragment);
        }

        return fragments;
    }

    /// <summary>Sets the header checksum of an IPv4 packet that was changed.</summary>
    public static void FillHeader(Span<byte> packet)
    {
        packet.Slice(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Checksum.Compute(packet[..((packet[0] & 0x0F) * 4)]));
    }
}
