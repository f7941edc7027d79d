using System;

namespace Cgn.Wire;

/// <summary>An IPv6 fragment header and what follows it, read and patched in place (RFC 8200 §4.5).</summary>
/// <remarks>Bytes: next header 1, reserved 1, offset 13 bits, reserved 2 bits, M 1 bit, identification 4.</remarks>
public readonly ref struct Ipv6FragmentView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 8;

    private readonly Span<byte> _bytes;

    private Ipv6FragmentView(Span<byte> bytes) => _bytes = bytes;

    /// <summary>The bytes of this fragment's part of the packet.</summary>
    public Span<byte> Payload => _bytes[HeaderSize..];

    /// <summary>What the fragmentable part begins with.</summary>
    public IpProtocol NextHeader
    {
        get => (IpProtocol)_bytes[0];
        set => _bytes[0] = (byte)value;
    }

    /// <summary>Where the payload lies in the fragmentable part, 0 to 65,528 bytes.</summary>
    public int FragmentOffsetBytes => BigEndian.Read16(_bytes, 2) & 0xFFF8;

    /// <summary>This is not the last fragment.</summary>
    public bool MoreFragments => (_bytes[3] & 1) != 0;

    /// <summary>What the fragments of one packet have in common.</summary>
    public uint Identification
    {
        get => BigEndian.Read32(_bytes, 4);
        set => BigEndian.Write32(_bytes, 4, value);
    }

    /// <summary>A whole packet in one fragment, to be processed alone (RFC 6946 §4).</summary>
    public bool IsAtomic => FragmentOffsetBytes == 0 && !MoreFragments;

    /// <summary>Opens a fragment header.</summary>
    /// <param name="bytes">From the header's first byte to the end of the packet.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out Ipv6FragmentView view, out WireRefusal refusal)
    {
        bool open = bytes.Length >= HeaderSize;
        refusal = open ? WireRefusal.None : WireRefusal.TooShort;
        view = open ? new Ipv6FragmentView(bytes) : default;
        return open;
    }
}
