using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Stages;

/// <summary>Reads the link-layer header: Ethernet II with up to two VLAN tags.</summary>
internal static class LinkParser
{
    private const int AddressBytes = 12;

    /// <summary>Shortest frame that can hold anything for us: a link-layer header and an IPv4 header.</summary>
    public const int FrameMin = 34;

    /// <summary>Finds the network layer.</summary>
    /// <param name="chunk">The whole chunk.</param>
    /// <param name="at">First byte of the frame, with at least <see cref="FrameMin"/> behind it.</param>
    /// <param name="c">Gets the tags and where the network layer begins.</param>
    /// <returns>The EtherType.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Read(ReadOnlySpan<byte> chunk, int at, ref PacketContext c)
    {
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(chunk[(at + AddressBytes)..]);
        c.NetworkAt = at + AddressBytes + 2;
        c.TagBytes = 0;
        return IsTag(type) ? SkipTags(chunk, at + AddressBytes, type, ref c) : type;
    }

    private static ushort SkipTags(ReadOnlySpan<byte> chunk, int tagsAt, ushort type, ref PacketContext c)
    {
        c.Tags = BinaryPrimitives.ReadUInt64LittleEndian(chunk[tagsAt..]);
        for (int tags = 0; tags < 2 && IsTag(type); tags++)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(chunk[(c.NetworkAt + 2)..]);
            c.NetworkAt += 4;
            c.TagBytes += 4;
        }

        return type;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsTag(ushort type) => type is EtherTypes.Vlan or EtherTypes.ServiceVlan or EtherTypes.OldServiceVlan;
}
