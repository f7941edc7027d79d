using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

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
    /// <param name="networkAt">First byte behind the header.</param>
    /// <returns>The EtherType.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Read(ReadOnlySpan<byte> chunk, int at, out int networkAt)
    {
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(chunk[(at + AddressBytes)..]);
        networkAt = at + AddressBytes + 2;
        return IsTag(type) ? SkipTags(chunk, type, ref networkAt) : type;
    }

    private static ushort SkipTags(ReadOnlySpan<byte> chunk, ushort type, ref int networkAt)
    {
        for (int tags = 0; tags < 2 && IsTag(type); tags++)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(chunk[(networkAt + 2)..]);
            networkAt += 4;
        }

        return type;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsTag(ushort type) => type is EtherTypes.Vlan or EtherTypes.QinQ or EtherTypes.QinQOld;
}
