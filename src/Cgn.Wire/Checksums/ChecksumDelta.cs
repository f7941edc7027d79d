using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Cgn.Wire;

/// <summary>
/// What a change of some fields does to an Internet checksum, as a value: the <c>~m + m'</c> of RFC 1624 equation 3. It
/// is made once when a session is made and applied to every packet. The default value changes nothing.
/// </summary>
/// <remarks>
/// A wrong checksum stays wrong by the same amount, so damage is never repaired (RFC 3022 §4.1). Nothing here branches.
/// </remarks>
/// <param name="Value">A folded one's complement sum in host order; 0 and 0xFFFF both mean no change.</param>
public readonly record struct ChecksumDelta(ushort Value)
{
    /// <summary>The effect of one 16-bit field, which stands at an even offset.</summary>
    /// <param name="oldValue">Host-order value before.</param>
    /// <param name="newValue">Host-order value after.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ChecksumDelta Between(ushort oldValue, ushort newValue) =>
        new(Fold((uint)(ushort)~oldValue + newValue));

    /// <summary>The effect of one 32-bit field such as an address, which stands at an even offset.</summary>
    /// <param name="oldValue">Host-order value before.</param>
    /// <param name="newValue">Host-order value after.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ChecksumDelta Between(uint oldValue, uint newValue)
    {
        uint inverted = ~oldValue;
        return new(Fold((inverted >> 16) + (inverted & 0xFFFF) + (newValue >> 16) + (newValue & 0xFFFF)));
    }

    /// <summary>The effect of another address in a header or pseudo-header.</summary>
    /// <param name="oldAddress">Address before.</param>
    /// <param name="newAddress">Address after.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ChecksumDelta Between(Ipv4Address oldAddress, Ipv4Address newAddress) =>
        Between(oldAddress.Value, newAddress.Value);

    /// <summary>
    /// The effect of a 16-bit value at any offset of the summed bytes. At an odd one its bytes belong to two words,
    /// which adds up to the same as the swapped value at an even one (RFC 1071 §2B).
    /// </summary>
    /// <param name="offset">Offset of the value from where the sum begins, in bytes.</param>
    /// <param name="oldValue">Host-order value before.</param>
    /// <param name="newValue">Host-order value after.</param>
    public static ChecksumDelta BetweenAt(int offset, ushort oldValue, ushort newValue) => (offset & 1) == 0
        ? Between(oldValue, newValue)
        : Between(BinaryPrimitives.ReverseEndianness(oldValue), BinaryPrimitives.ReverseEndianness(newValue));

    /// <summary>Both changes at once, in either order.</summary>
    /// <param name="other">Another change.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ChecksumDelta Add(ChecksumDelta other) => new(Fold((uint)Value + other.Value));

    /// <summary>The change back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ChecksumDelta Inverse() => new((ushort)~Value);

    /// <summary>
    /// The checksum after the change: <c>HC' = ~(~HC + ~m + m')</c>, which can be 0x0000 (RFC 1624 §4).
    /// </summary>
    /// <param name="checksum">Host-order value of the field before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort Apply(ushort checksum) => (ushort)~Fold((uint)(ushort)~checksum + Value);

    /// <summary>
    /// The UDP checksum after the change: 0 stays 0, because the sender computed none, and a result of 0 becomes 0xFFFF
    /// (RFC 768).
    /// </summary>
    /// <param name="checksum">Host-order value of the field before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort ApplyUdp(ushort checksum)
    {
        uint applied = Apply(checksum);
        // x - 1 has its top bit set for x = 0 alone, so the shift makes a mask of all ones exactly then.
        uint onesIfZero = (uint)((int)(applied - 1) >> 31);
        uint onesIfNone = (uint)((int)((uint)checksum - 1) >> 31);
        return (ushort)((applied | onesIfZero) & ~onesIfNone);
    }

    /// <summary>
    /// The ICMP checksum after the change: a result of 0 becomes 0xFFFF, which verifies as well, and where nothing but
    /// zeros are summed (a reply with identifier and sequence number 0) alone verifies.
    /// </summary>
    /// <param name="checksum">Host-order value of the field before.</param>
    public ushort ApplyIcmp(ushort checksum)
    {
        ushort applied = Apply(checksum);
        return applied == 0 ? ushort.MaxValue : applied;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)(sum + (sum >> 16));
    }
}
