using System;
using System.Runtime.InteropServices;

using Cgn.Memory;

namespace Cgn.Softwire;

/// <summary>
/// What the fragments of one IPv4 datagram have in common (RFC 791 §2.3), and where they came from: internal addresses
/// overlap between subscribers.
/// </summary>
/// <param name="Realm">Number of the subscriber's record + 1, or 0 for the outside.</param>
/// <param name="Source">Source address as received, host order.</param>
/// <param name="Destination">Destination address as received, host order.</param>
/// <param name="Identification">Identification as received.</param>
/// <param name="Protocol">Protocol number.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FragmentKey(
    uint Realm, uint Source, uint Destination, ushort Identification, byte Protocol)
{
    /// <summary>A keyed hash of all of it.</summary>
    internal ulong HashWith(ulong key) => Hash.Mix(Hash.Pair(
        ((ulong)Source << 32) | Destination,
        ((ulong)Realm << 32) | ((ulong)Identification << 8) | Protocol,
        key));

    /// <summary>Who answers for the fragments: the subscriber inside, the destination address outside.</summary>
    internal ulong QuotaKey => Realm != 0 ? Realm : (1UL << 32) | Destination;
}
