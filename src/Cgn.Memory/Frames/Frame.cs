using System.Runtime.InteropServices;

namespace Cgn.Memory.Frames;

/// <summary>
/// Where a packet lies: a descriptor of 16 bytes, passed by value between ports, stages and workers. Whoever holds it
/// owns the chunk;
/// a frame has exactly one owner.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct Frame
{
    /// <summary>Number of the chunk in the <see cref="FrameStore"/>, from 0.</summary>
    public uint Chunk;

    /// <summary>First byte of the packet's Ethernet header, counted from the start of the chunk.</summary>
    public uint Offset;

    /// <summary>Bytes from the Ethernet header to the end of the packet, without the frame check sequence.</summary>
    public uint Length;

    /// <summary>The port that the frame came in by, or leaves by: <see cref="FramePort"/>.</summary>
    public byte Port;

    /// <summary>What the frame has been through: <see cref="FrameFlags"/>.</summary>
    public FrameFlags Flags;

    /// <summary>Worker that received the frame, for the account of frames that change hands.</summary>
    public ushort Worker;
}
