using System.Runtime.CompilerServices;

using Cgn.Memory.Frames;
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
    /// <param name="store">All frames.</param>
    /// <param name="frame">A frame of at least <see cref="FrameMin"/> bytes.</param>
    /// <param name="c">Gets the tags and where the network layer begins.</param>
    /// <returns>The EtherType.</returns>
    public static ushort Read(FrameStore store, in Frame frame, ref PacketContext c)
    {
        int at = (int)frame.Offset;
        ushort type = store.Window(frame.Chunk, at).Read16(AddressBytes);
        c.NetworkAt = at + AddressBytes + 2;
        c.TagBytes = 0;
        return IsTag(type) ? SkipTags(store, frame.Chunk, type, ref c) : type;
    }

    private static ushort SkipTags(FrameStore store, uint chunk, ushort type, ref PacketContext c)
    {
        c.Tags = store.Window(chunk, c.NetworkAt - 2).ReadRaw64(0);
        for (int tags = 0; tags < 2 && IsTag(type); tags++)
        {
            type = store.Window(chunk, c.NetworkAt).Read16(2);
            c.NetworkAt += 4;
            c.TagBytes += 4;
        }

        return type;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsTag(ushort type) => type is EtherTypes.Vlan or EtherTypes.ServiceVlan
        or EtherTypes.OldServiceVlan;
}
