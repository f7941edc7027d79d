using System;
using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Contract.Pools;

/// <summary>
/// Which pool a subscriber draws from (RFC 6333 8.1): that of the longest prefix that names him, in the list of static
/// subscribers or at a pool; else that of his plan; else any of the open pools, which nothing names.
/// </summary>
public sealed class PoolPolicy
{
    /// <summary>What stands for all open pools together.</summary>
    public const int Open = -1;

    private readonly PrefixTable<int> _byPrefix = new();
    private readonly int[] _ofPlan;

    /// <summary>Reads a snapshot.</summary>
    public PoolPolicy(ConfigSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        bool[] isNamed = new bool[snapshot.Pools.Length];
        _ofPlan = Array.ConvertAll(snapshot.Plans, plan => Named(isNamed, plan.Pool));
        for (int pool = 0; pool < snapshot.Pools.Length; pool++)
        {
            foreach (Ipv6PrefixSetting prefix in snapshot.Pools[pool].Match)
                _byPrefix.Put(prefix, Named(isNamed, pool));
        }

        // After the pools: of two equal prefixes the one that is about the subscriber decides.
        foreach (StaticSubscriber subscriber in snapshot.StaticSubscribers)
        {
            if (subscriber.Pool != Open)
                _byPrefix.Put(subscriber.Prefix, Named(isNamed, subscriber.Pool));
        }

        List<int> open = [];
        for (int pool = 0; pool < isNamed.Length; pool++)
        {
            if (!isNamed[pool])
                open.Add(pool);
        }

        // Somebody must serve those whom nothing names.
        OpenPools = open.Count != 0 || isNamed.Length == 0 ? [.. open] : [0];
    }

    /// <summary>Numbers of the pools that serve whoever nothing sends elsewhere; ascending.</summary>
    public IReadOnlyList<int> OpenPools { get; }

    /// <summary>The pool of a subscriber.</summary>
    /// <param name="kind">DS-Lite or NAT444.</param>
    /// <param name="high">Upper half of the subscriber's key; 0 for NAT444.</param>
    /// <param name="low">Lower half; for NAT444 the customer's IPv4 address.</param>
    /// <param name="plan">Number of his plan.</param>
    /// <returns>Its number in the snapshot, or <see cref="Open"/>.</returns>
    public int PoolOf(SubscriberKind kind, ulong high, ulong low, int plan) =>
        !_byPrefix.IsEmpty && _byPrefix.TryFind(kind, high, low, out int pool) ? pool
        : (uint)plan < (uint)_ofPlan.Length ? _ofPlan[plan]
        : Open;

    private static int Named(bool[] isNamed, int pool)
    {
        if ((uint)pool < (uint)isNamed.Length)
            isNamed[pool] = true;
        return (uint)pool < (uint)isNamed.Length ? pool : Open;
    }
}
