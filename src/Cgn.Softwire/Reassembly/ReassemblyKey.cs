using Cgn.Memory;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>What the fragments of one IPv6 packet have in common (RFC 8200 §4.5).</summary>
internal readonly record struct ReassemblyKey(Ipv6Address Source, Ipv6Address Destination, uint Identification)
{
    public ulong HashWith(ulong key) => Hash.Mix(Hash.Pair(
        Hash.Pair(Source.High, Source.Low, key),
        Hash.Pair(Destination.High, Destination.Low ^ Identification, key),
        key));
}
