using System.Runtime.InteropServices;

namespace Cgn.Contract.Records;

/// <summary>
/// A place of a TCP stream where a gateway has put other bytes. Of the stream as its sender counts it,
/// <see cref="OldLength"/> bytes from <see cref="At"/> on are gone, and the new ones go where the last of these was.
/// 128 bytes; host byte order.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct GatewayEdit
{
    /// <summary>Bytes of text that fit.</summary>
    public const int TextBytes = 120;

    /// <summary>Sequence number of the first byte replaced.</summary>
    public uint At;

    /// <summary>Bytes replaced, 1 or more.</summary>
    public ushort OldLength;

    /// <summary>Bytes in their place, 0 to <see cref="TextBytes"/>.</summary>
    public ushort NewLength;

    /// <summary>The bytes in their place.</summary>
    public GatewayText Text;
}
