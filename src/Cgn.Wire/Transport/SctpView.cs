using System;

namespace Cgn.Wire;

/// <summary>The common header of an SCTP packet (RFC 9260 §3.1): ports and verification tag.</summary>
/// <remarks>
/// Bytes: source port 2, destination port 2, verification tag 4, CRC-32C 4 (see <see cref="Crc32c"/>).
/// </remarks>
public readonly ref struct SctpView
{
    /// <summary>Bytes of the common header.</summary>
    public const int HeaderSize = 12;

    private readonly Span<byte> _packet;

    private SctpView(Span<byte> packet) => _packet = packet;

    /// <summary>Common header and chunks.</summary>
    public Span<byte> Packet => _packet;

    /// <summary>Source port.</summary>
    public ushort SourcePort
    {
        get => BigEndian.Read16(_packet, 0);
        set => BigEndian.Write16(_packet, 0, value);
    }

    /// <summary>Destination port.</summary>
    public ushort DestinationPort
    {
        get => BigEndian.Read16(_packet, 2);
        set => BigEndian.Write16(_packet, 2, value);
    }

    /// <summary>The receiver's tag; 0 in a packet that carries INIT.</summary>
    public uint VerificationTag => BigEndian.Read32(_packet, 4);

    /// <summary>Opens a packet; its chunks are not read.</summary>
    /// <param name="bytes">From the source port to the end of the IP payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out SctpView view, out WireRefusal refusal)
    {
        bool open = bytes.Length >= HeaderSize;
        refusal = open ? WireRefusal.None : WireRefusal.TooShort;
        view = open ? new SctpView(bytes) : default;
        return open;
    }
}
