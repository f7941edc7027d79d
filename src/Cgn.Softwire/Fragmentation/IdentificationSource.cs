using System;
using System.Numerics;

using Cgn.Memory;

namespace Cgn.Softwire;

/// <summary>
/// IPv4 identifications for datagrams that may be fragmented, as a source must choose them (RFC 6864 §4.3, §5.3.1):
/// none repeats for one {external address, remote, protocol} within the longest life of a datagram, as far as 65,536
/// numbers reach.
/// </summary>
/// <remarks>
/// Triples are hashed to buckets, each with a counter and a permutation of its own; triples that share a bucket only
/// use it up sooner. Workers share external addresses, so each draws from its own share of every bucket. Beyond the
/// budget numbers are given out all the same and <see cref="Wraps"/> counts it: limiting the rate instead (RFC 6864
/// §5.2) would stop traffic that is nearly always unharmed.
/// </remarks>
public sealed class IdentificationSource
{
    /// <summary>How long a datagram may be under way: two minutes, in ticks (RFC 6864 §4, RFC 791).</summary>
    public const uint LifetimeTicks = 1200;

    private const uint Space = 1 << 16;

    private readonly Bucket[] _buckets;
    private readonly ulong _key;
    private readonly uint _worker;
    private readonly uint _workerCount;
    private readonly uint _budget;

    /// <summary>Takes the memory.</summary>
    /// <param name="key">A secret, the same in all workers of a gateway: they permute alike and so never meet.</param>
    /// <param name="worker">This worker, from 0.</param>
    /// <param name="workerCount">All workers, 1 to 64.</param>
    /// <param name="bucketCount">A power of two, the same in all workers.</param>
    public IdentificationSource(ulong key, int worker = 0, int workerCount = 1, int bucketCount = 16384)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workerCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workerCount, 64);
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, workerCount);
        if (!BitOperations.IsPow2(bucketCount))
            throw new ArgumentOutOfRangeException(nameof(bucketCount), "must be a power of two");
        _key = Hash.Mix(key);
        _worker = (uint)worker;
        _workerCount = (uint)workerCount;
        _budget = Space / (uint)workerCount;
        _buckets = GC.AllocateArray<Bucket>(bucketCount, pinned: true);
    }

    /// <summary>Identifications that one bucket of this worker gives before the first comes again.</summary>
    public uint Budget => _budget;

    /// <summary>Times that a bucket began anew within <see cref="LifetimeTicks"/> of its last beginning: numbers may
    /// have met.</summary>
    public ulong Wraps { get; private set; }

    /// <summary>The next identification. All fragments of one datagram share it.</summary>
    /// <param name="external">External source address after translation, host order.</param>
    /// <param name="remote">Destination address, host order.</param>
    /// <param name="protocol">Protocol number.</param>
    /// <param name="tick">Now.</param>
    public ushort Next(uint external, uint remote, byte protocol, uint tick)
    {
        ulong hash = Hash.Mix(Hash.Pair(((ulong)external << 32) | remote, protocol, _key));
        ref Bucket bucket = ref _buckets[(int)(hash & (ulong)(_buckets.Length - 1))];
        if (bucket.Used == _budget)
        {
            if (tick - bucket.BeganTick < LifetimeTicks)
                Wraps++;
            bucket.Used = 0;
        }

        if (bucket.Used == 0)
            bucket.BeganTick = tick;
        uint number = bucket.Used++ * _workerCount + _worker;
        return Permutation.Of16((ushort)number, _key ^ (hash & (ulong)(_buckets.Length - 1)) << 40);
    }

    private struct Bucket
    {
        public uint Used;
        public uint BeganTick;
    }
}
