using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Contract.Pools;

/// <summary>
/// Subscribers that follow each other, as deterministic mode counts them: the hosts of an IPv4 prefix, or the
/// subscriber prefixes in a prefix of B4s (RFC 7422 section 2).
/// </summary>
/// <param name="Kind">DS-Lite or NAT444.</param>
/// <param name="First">Key of the first subscriber: a masked IPv6 address, or an IPv4 address.</param>
/// <param name="Shift">Bits of a key below the subscriber's own, 0 to 127.</param>
/// <param name="Count">Subscribers; at most 2^64 are counted.</param>
/// <param name="Before">Subscribers of the ranges before this one.</param>
public readonly record struct InsideRange(SubscriberKind Kind, UInt128 First, int Shift, ulong Count, ulong Before)
{
    /// <summary>
    /// The hosts of an IPv4 prefix: without its first and last address where it has more than two (RFC 7422 2.3).
    /// </summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="before">Subscribers of the ranges before this one.</param>
    public static InsideRange Of(Ipv4PrefixSetting prefix, ulong before)
    {
        ulong all = 1UL << (32 - prefix.Length);
        return all > 2
            ? new InsideRange(SubscriberKind.Nat444, prefix.Address + 1, 0, all - 2, before)
            : new InsideRange(SubscriberKind.Nat444, prefix.Address, 0, all, before);
    }

    /// <summary>The subscribers of a prefix of B4s.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="maskBits">Bits of a B4's address that name the subscriber.</param>
    /// <param name="before">Subscribers of the ranges before this one.</param>
    public static InsideRange Of(Ipv6PrefixSetting prefix, int maskBits, ulong before)
    {
        int bits = Math.Max(0, maskBits - prefix.Length);
        UInt128 mask = maskBits == 0 ? 0 : UInt128.MaxValue << (128 - maskBits);
        ulong count = bits >= 64 ? ulong.MaxValue : 1UL << bits;
        return new InsideRange(
            SubscriberKind.DsLite, new UInt128(prefix.High, prefix.Low) & mask, 128 - maskBits, count, before);
    }

    /// <summary>The number of a subscriber among all, when it is in this range.</summary>
    /// <param name="kind">DS-Lite or NAT444.</param>
    /// <param name="key">Its key.</param>
    /// <param name="number">From <see cref="Before"/> on.</param>
    public bool TryNumber(SubscriberKind kind, UInt128 key, out ulong number)
    {
        UInt128 offset = (key - First) >> Shift;
        number = Before + (ulong)offset;
        return kind == Kind && key >= First && offset < Count;
    }

    /// <summary>The key of a number, which is in this range.</summary>
    public UInt128 Key(ulong number) => First + ((UInt128)(number - Before) << Shift);
}
