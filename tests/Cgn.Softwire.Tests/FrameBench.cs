using System;
using System.Collections.Generic;

using Cgn.Memory.Frames;
using Cgn.Wire;

using Xunit;

namespace Cgn.Softwire.Tests;

/// <summary>A worker's frames for a test, with packets to put into them; knows whether all frames have come
/// home.</summary>
internal sealed class FrameBench : IDisposable
{
    public const int LinkSize = 14;

    public static readonly Ipv6Address B4 = Ipv6Address.Parse("2001:db8:0:1::1");
    public static readonly Ipv6Address Aftr = Ipv6Address.Parse("2001:db8:0:2::1");

    public FrameBench(int chunks = 64, int chunkBytes = FrameStore.LiveChunkBytes)
    {
        Store = new FrameStore(chunks, chunkBytes);
        Pool = new FramePool(Store, 0, chunks);
        // Bytes that nobody wrote must show.
        for (uint i = 0; i < chunks; i++)
            Store.Chunk(i).Fill(0xA5);
    }

    public FrameStore Store { get; }

    public FramePool Pool { get; }

    /// <summary>Puts a packet into a frame of its own, behind a link-layer header that names it.</summary>
    public Frame Put(ReadOnlySpan<byte> packet, byte mark = 0x11, int offset = FrameStore.Headroom)
    {
        Assert.True(Pool.TryTake(out uint chunk));
        Frame frame = new()
        {
            Chunk = chunk,
            Offset = (uint)offset,
            Length = (uint)(LinkSize + packet.Length),
            Port = FramePort.Outside,
            Worker = 3,
        };
        Span<byte> bytes = Store.Packet(frame);
        bytes[..12].Fill(mark);
        bytes[12] = packet[0] >> 4 == 6 ? (byte)0x86 : (byte)0x08;
        bytes[13] = packet[0] >> 4 == 6 ? (byte)0xDD : (byte)0x00;
        packet.CopyTo(bytes[LinkSize..]);
        return frame;
    }

    /// <summary>The packet in a frame, without its link layer.</summary>
    public byte[] Packet(in Frame frame) => Store.Packet(frame)[LinkSize..].ToArray();

    public byte[] Link(in Frame frame) => Store.Packet(frame)[..LinkSize].ToArray();

    public void GiveBack(in Frame frame) => Pool.Return(frame.Chunk);

    /// <summary>Every frame is in the pool, and each once.</summary>
    public void AllAreHome()
    {
        Assert.Equal(Pool.StartCount, Pool.Count);
        HashSet<uint> seen = [];
        while (Pool.TryTake(out uint chunk))
            Assert.True(seen.Add(chunk), $"chunk {chunk} was given back twice");
        foreach (uint chunk in seen)
            Pool.Return(chunk);
    }

    public void Dispose() => Store.Dispose();

    /// <summary>Bytes that differ at every place.</summary>
    public static byte[] Payload(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Ipv4(int totalLength, byte tos = 0, bool df = false, ushort id = 1, byte[]? options = null,
        IpProtocol protocol = IpProtocol.Udp, int seed = 1)
    {
        options ??= [];
        int payload = totalLength - Ipv4Header.Size - options.Length;
        byte[] packet = new byte[totalLength];
        int at = new Ipv4Header
        {
            TrafficClass = tos,
            PayloadLength = payload,
            Identification = id,
            DontFragment = df,
            Ttl = 64,
            Protocol = protocol,
            Source = new Ipv4Address(0xC6336401),
            Destination = new Ipv4Address(0x0A000001),
        }.Write(packet, options);
        Payload(payload, seed).CopyTo(packet, at);
        return packet;
    }

    public static byte[] Ipv6(IpProtocol next, ReadOnlySpan<byte> payload, byte tc = 0, Ipv6Address? source = null)
    {
        byte[] packet = new byte[Ipv6Header.Size + payload.Length];
        new Ipv6Header
        {
            TrafficClass = tc,
            FlowLabel = 0xABCDE,
            PayloadLength = payload.Length,
            NextHeader = next,
            HopLimit = 61,
            Source = source ?? B4,
            Destination = Aftr,
        }.Write(packet);
        payload.CopyTo(packet.AsSpan(Ipv6Header.Size));
        return packet;
    }

    /// <summary>An outer fragment of a payload.</summary>
    public static byte[] Ipv6Fragment(
        ReadOnlySpan<byte> payload, int start, int end, bool more, uint id = 7, byte tc = 0, Ipv6Address? source = null,
        IpProtocol next = IpProtocol.Ipv4)
    {
        byte[] part = new byte[Ipv6FragmentHeader.Size + end - start];
        new Ipv6FragmentHeader
        {
            NextHeader = next,
            FragmentOffsetBytes = start,
            MoreFragments = more,
            Identification = id,
        }.Write(part);
        payload[start..end].CopyTo(part.AsSpan(Ipv6FragmentHeader.Size));
        return Ipv6(IpProtocol.Fragment, part, tc, source);
    }

    public static IEnumerable<int[]> Permutations(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        return Permute(order, 0);
    }

    private static IEnumerable<int[]> Permute(int[] order, int from)
    {
        if (from == order.Length)
        {
            yield return (int[])order.Clone();
            yield break;
        }

        for (int i = from; i < order.Length; i++)
        {
            (order[from], order[i]) = (order[i], order[from]);
            foreach (int[] each in Permute(order, from + 1))
                yield return each;
            (order[from], order[i]) = (order[i], order[from]);
        }
    }
}
