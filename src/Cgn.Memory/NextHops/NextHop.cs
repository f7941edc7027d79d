using System;
using System.Runtime.InteropServices;

namespace Cgn.Memory.NextHops;

/// <summary>
/// How a frame leaves towards one neighbour: the port and the ready-made link-layer header. 32 bytes. The header is
/// kept right-aligned in 24
/// bytes, so that writing it is three stores that end where the IP header begins, whatever its length; the bytes
/// before it fall into headroom.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct NextHop
{
    /// <summary>Longest header: two addresses, two tags, the type.</summary>
    public const int HeaderMax = 24;

    /// <summary>What is known of it.</summary>
    [FieldOffset(0)] public NextHopState State;

    /// <summary>Port that it leaves by: <see cref="Frames.FramePort"/>.</summary>
    [FieldOffset(1)] public byte Port;

    /// <summary>Bytes of the header: 14, 18 or 22.</summary>
    [FieldOffset(2)] public byte HeaderLength;

    /// <summary>Not 0: the tags of the arriving frame are kept in place of the header's own (translate and replay,
    /// which know no devices).</summary>
    [FieldOffset(3)] public byte KeepsTags;

    /// <summary>Largest packet that the device takes, in bytes from the IP header; 0 when not known.</summary>
    [FieldOffset(4)] public ushort Mtu;

    /// <summary>First eight bytes of the right-aligned header, as they lie in memory.</summary>
    [FieldOffset(8)] public ulong Header0;

    /// <summary>The middle eight.</summary>
    [FieldOffset(16)] public ulong Header1;

    /// <summary>The last eight, which end with the type.</summary>
    [FieldOffset(24)] public ulong Header2;

    /// <summary>Makes a resolved next hop.</summary>
    /// <param name="port">Port that it leaves by.</param>
    /// <param name="header">Link-layer header from destination address to type: 14, 18 or 22 bytes in network
    /// order.</param>
    /// <param name="mtu">Largest packet, 0 when not known.</param>
    public static NextHop Resolved(byte port, ReadOnlySpan<byte> header, ushort mtu = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(header.Length, HeaderMax);
        Span<ulong> words = [0, 0, 0];
        header.CopyTo(MemoryMarshal.AsBytes(words)[(HeaderMax - header.Length)..]);
        return new NextHop
        {
            State = NextHopState.Resolved,
            Port = port,
            HeaderLength = (byte)header.Length,
            Mtu = mtu,
            Header0 = words[0],
            Header1 = words[1],
            Header2 = words[2],
        };
    }
}
