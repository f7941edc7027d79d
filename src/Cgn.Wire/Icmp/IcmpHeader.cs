using System;

namespace Cgn.Wire;

/// <summary>The first eight bytes of an ICMP or ICMPv6 message, to be written whole (RFC 792, RFC 4443 §2.1).</summary>
public readonly record struct IcmpHeader
{
    /// <summary>Bytes.</summary>
    public const int Size = IcmpView.HeaderSize;

    /// <summary>Message type; see <see cref="IcmpType"/> and <see cref="Icmpv6Type"/>.</summary>
    public byte Type { get; init; }

    /// <summary>Code within the type.</summary>
    public byte Code { get; init; }

    /// <summary>
    /// Checksum in host order; see <see cref="Checksum.FillIcmp"/> and <see cref="Checksum.FillIcmpv6"/>.
    /// </summary>
    public ushort ChecksumValue { get; init; }

    /// <summary>
    /// Bytes 4 to 7 as one host-order number: MTU, pointer, or identifier in the upper and sequence in the lower half.
    /// </summary>
    public uint Rest { get; init; }

    /// <summary>The header of an echo request.</summary>
    /// <param name="identifier">Identifier.</param>
    /// <param name="sequence">Sequence number.</param>
    public static IcmpHeader EchoRequest(ushort identifier, ushort sequence) =>
        new() { Type = (byte)IcmpType.EchoRequest, Rest = ((uint)identifier << 16) | sequence };

    /// <summary>Writes the header and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination)
    {
        destination[0] = Type;
        destination[1] = Code;
        BigEndian.Write16(destination, 2, ChecksumValue);
        BigEndian.Write32(destination, 4, Rest);
        return Size;
    }
}
