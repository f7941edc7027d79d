using System.Runtime.InteropServices;

using Cgn.Wire;

namespace Cgn.Contract.Records;

/// <summary>
/// One direction of a TCP connection that a gateway reads: how far it has read, what it has changed lately, and what
/// it holds back. Sequence numbers are the sender's. Host byte order.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct GatewayStream
{
    /// <summary>Changes that are remembered, for what is sent once more.</summary>
    public const int EditsMax = 12;

    /// <summary>
    /// One more than the bytes of a line that are held back: it goes out as one text, which may grow.
    /// </summary>
    public const int HeldLineMax = GatewayEdit.TextBytes - FtpLine.TextMax;

    /// <summary>Sequence number of the first byte not read yet.</summary>
    public uint Next;

    /// <summary>Sequence number of the SYN.</summary>
    public uint Initial;

    /// <summary>Bytes that the stream has grown by (modulo 2^32) before the oldest change remembered.</summary>
    public uint Shift;

    /// <summary>Bytes that are not to be looked into, from <see cref="Next"/> on.</summary>
    public uint Skip;

    /// <summary>Changes remembered.</summary>
    public byte EditCount;

    /// <summary>Bytes before <see cref="Next"/> that are held back: the beginning of a line or message.</summary>
    public byte HeldLength;

    /// <summary>Not 0 once the SYN was seen.</summary>
    public byte IsOpen;

    /// <summary>Not 0 when nothing is to be changed any more: the rest is encrypted.</summary>
    public byte IsOpaque;

    /// <summary>Not 0 in the middle of a line that does not matter.</summary>
    public byte IsInLine;

    /// <summary>The changes.</summary>
    public GatewayEdits Edits;

    /// <summary>The bytes held back.</summary>
    public GatewayText Held;
}
