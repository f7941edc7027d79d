using Cgn.Memory;

namespace Cgn.Nat;

/// <summary>
/// The keys of a shard's hashes: all from the configuration's seed, so that a run with a seed can be repeated.
/// </summary>
internal readonly struct ShardSecrets
{
    internal readonly ulong Subscriber;
    internal readonly ulong Outbound;
    internal readonly ulong Inbound;
    internal readonly ulong MappingInternal;
    internal readonly ulong MappingExternal;
    internal readonly ulong Ports;

    internal ShardSecrets(ulong seed, int shard)
    {
        Prng sequence = new(Hash.Mix(seed) ^ 0x5EC2E7);
        Subscriber = sequence.Next();
        Outbound = sequence.Next();
        Inbound = sequence.Next();
        MappingInternal = sequence.Next();
        MappingExternal = sequence.Next();
        Ports = Hash.Mix(sequence.Next() + (ulong)shard);
    }
}
