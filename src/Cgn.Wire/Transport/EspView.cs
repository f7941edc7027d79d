using System;

namespace Cgn.Wire;

/// <summary>
/// The clear part of an ESP packet (RFC 4303 §2): security parameters index 4 bytes, sequence 4 bytes.
/// </summary>
public readonly ref struct EspView
{
    /// <summary>Bytes that can be read.</summary>
    public const int HeaderSize = 8;

    private readonly Span<byte> _packet;

    private EspView(Span<byte> packet) => _packet = packet;

    /// <summary>The receiver's index of the security association.</summary>
    public uint Spi => BigEndian.Read32(_packet, 0);

    /// <summary>The lower 32 bits of the sequence number.</summary>
    public uint Sequence => BigEndian.Read32(_packet, 4);

    /// <summary>Opens a packet.</summary>
    /// <param name="bytes">From the index to the end of the IP payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out EspView view, out WireRefusal refusal)
    {
        bool open = bytes.Length >= HeaderSize;
        refusal = open ? WireRefusal.None : WireRefusal.TooShort;
        view = open ? new EspView(bytes) : default;
        return open;
    }
}
