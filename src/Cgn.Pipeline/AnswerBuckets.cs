using System;

using Cgn.Contract;
using Cgn.Memory;
using Cgn.Memory.Rates;
using Cgn.Nat;

namespace Cgn.Pipeline;

/// <summary>
/// How much of what subscribers ask a worker answers: all together as much as a rate says. Each may ask as many at once
/// as anybody, and then has a share, so that nobody's requests keep the others' from being answered.
/// </summary>
internal sealed class AnswerBuckets
{
    private const long BurstNs = 100_000_000;
    private const int BurstMin = 10;
    private const int SharesOfRate = 8;

    // Subscribers have buckets of their own by a hash.
    private const uint Buckets = 256;

    private readonly long[] _fullAtNsOf = new long[Buckets];
    private long _fullAtNs;

    /// <summary>Whether a subscriber's request may be answered now; if so it is charged.</summary>
    /// <param name="key">Who asks.</param>
    /// <param name="seed">The configuration's seed.</param>
    /// <param name="costNs">What an answer costs, in nanoseconds of the rate.</param>
    /// <param name="now">The time.</param>
    public bool TryTake(in SubscriberKey key, ulong seed, long costNs, in WorkerTime now)
    {
        long depthNs = Math.Max(BurstNs, costNs * BurstMin);
        uint bucket = (uint)Hash.Pair(key.High, key.Low, seed) % Buckets;
        return RateBucket.TryTake(
                ref _fullAtNsOf[bucket], now.NowNs, costNs * SharesOfRate, depthNs * SharesOfRate)
            && RateBucket.TryTake(ref _fullAtNs, now.NowNs, costNs, depthNs);
    }
}
