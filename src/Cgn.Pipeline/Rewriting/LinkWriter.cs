using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Rewriting;

/// <summary>Puts the link-layer header before a packet and makes the frame's descriptor fit.</summary>
internal static class LinkWriter
{
    private const int AddressBytes = 12;
    private const int TypeBytes = 2;

    /// <summary>Writes the header of a next hop, so that it ends where the packet begins.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="frame">Gets its new offset, length and port.</param>
    /// <param name="c">The frame's own tags, for next hops that keep them.</param>
    /// <param name="hop">The next hop, resolved.</param>
    /// <param name="packetAt">First byte of the packet; at least 24 bytes of the chunk lie before it.</param>
    /// <param name="packetLength">Bytes of the packet.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(
        FrameStore store, ref Frame frame, in PacketContext c, in NextHop hop, int packetAt, int packetLength)
    {
        if (c.TagBytes != 0 && hop.KeepsTags != 0)
        {
            WriteKeepingTags(store.Chunk(frame.Chunk), ref frame, c, hop, packetAt, packetLength);
            return;
        }

        // Three stores write a header of any length; what they write before it falls into headroom.
        FrameWindow header = store.Window(frame.Chunk, packetAt - NextHop.HeaderMax);
        header.WriteRaw64(0, hop.Header0);
        header.WriteRaw64(8, hop.Header1);
        header.WriteRaw64(16, hop.Header2);
        frame.Offset = (uint)(packetAt - hop.HeaderLength);
        frame.Length = (uint)(packetLength + hop.HeaderLength);
        frame.Port = hop.Port;
    }

    /// <summary>Sends a frame back to whoever it came from: addresses swapped, tags kept.</summary>
    /// <param name="chunk">The whole chunk.</param>
    /// <param name="frame">Gets its new offset and length; it leaves by the port that it came in by.</param>
    /// <param name="packetAt">First byte of the answer.</param>
    /// <param name="packetLength">Bytes of the answer.</param>
    /// <param name="header">The header that it came with, copied away before anything was written.</param>
    public static void Answer(
        Span<byte> chunk, ref Frame frame, ReadOnlySpan<byte> header, int packetAt, int packetLength)
    {
        int start = packetAt - header.Length;
        Span<byte> answer = chunk.Slice(start, header.Length);
        header.CopyTo(answer);
        header[..6].CopyTo(answer[6..]);
        header.Slice(6, 6).CopyTo(answer);
        frame.Offset = (uint)start;
        frame.Length = (uint)(packetLength + header.Length);
    }

    private static void WriteKeepingTags(
        Span<byte> chunk, ref Frame frame, in PacketContext c, in NextHop hop, int packetAt, int packetLength)
    {
        Span<byte> tags = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(tags, c.Tags);
        Span<byte> plain = stackalloc byte[NextHop.HeaderMax];
        BinaryPrimitives.WriteUInt64LittleEndian(plain, hop.Header0);
        BinaryPrimitives.WriteUInt64LittleEndian(plain[8..], hop.Header1);
        BinaryPrimitives.WriteUInt64LittleEndian(plain[16..], hop.Header2);
        int length = AddressBytes + c.TagBytes + TypeBytes;
        Span<byte> header = chunk.Slice(packetAt - length, length);
        plain.Slice(NextHop.HeaderMax - hop.HeaderLength, AddressBytes).CopyTo(header);
        tags[..c.TagBytes].CopyTo(header[AddressBytes..]);
        plain[^TypeBytes..].CopyTo(header[^TypeBytes..]);
        frame.Offset = (uint)(packetAt - length);
        frame.Length = (uint)(packetLength + length);
        frame.Port = hop.Port;
    }
}
