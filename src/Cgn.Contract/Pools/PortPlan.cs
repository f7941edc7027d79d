using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Contract.Pools;

/// <summary>
/// Deterministic mode (RFC 7422): both mapping functions, from the configuration alone. The forwarder gives ports out
/// by it and administrators ask it.
/// </summary>
public sealed class PortPlan
{
    private const int MappedBits = 96;

    private readonly DeterministicPool?[] _pools;
    private readonly PoolPolicy _policy;
    private readonly ulong _maskHigh;
    private readonly ulong _maskLow;

    /// <summary>Works a configuration out.</summary>
    /// <param name="snapshot">A configuration with <see cref="PortAllocationType.Deterministic"/>.</param>
    public PortPlan(ConfigSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        int mask = snapshot.Settings.SubscriberMaskV6;
        UInt128 bits = mask == 0 ? 0 : UInt128.MaxValue << (128 - mask);
        _maskHigh = (ulong)(bits >> 64);
        _maskLow = (ulong)bits;
        _policy = new PoolPolicy(snapshot);
        _pools = new DeterministicPool?[snapshot.Pools.Length];
        for (int pool = 0; pool < _pools.Length; pool++)
        {
            PoolSettings settings = snapshot.Pools[pool];
            if (settings.Match.Length != 0)
            {
                _pools[pool] = new DeterministicPool(
                    settings, settings.Match.Where(IsMapped).Select(Ipv4), settings.Match.Where(p => !IsMapped(p)),
                    mask);
            }
            else if (pool == _policy.OpenPools[0])
            {
                _pools[pool] = new DeterministicPool(settings, snapshot.Nat444Sources, snapshot.SoftwireSources, mask);
            }
        }
    }

    /// <summary>Each pool of the snapshot; null for one that no subscriber is computed into.</summary>
    public IReadOnlyList<DeterministicPool?> Pools => _pools;

    /// <summary>The ports of a subscriber: the forward mapping function.</summary>
    /// <param name="kind">DS-Lite or NAT444.</param>
    /// <param name="high">Upper half of the B4's address or prefix; 0 for NAT444.</param>
    /// <param name="low">Lower half; for NAT444 the customer's IPv4 address.</param>
    /// <param name="set">The ports.</param>
    /// <returns>False when nothing is computed for this subscriber.</returns>
    public bool TryFind(SubscriberKind kind, ulong high, ulong low, out PortSet set)
    {
        if (kind == SubscriberKind.DsLite)
        {
            high &= _maskHigh;
            low &= _maskLow;
        }

        int pool = _policy.PoolOf(kind, high, low, plan: -1);
        pool = pool == PoolPolicy.Open ? _policy.OpenPools[0] : pool;
        set = default;
        return _pools[pool] is { } found && found.TryFind(kind, high, low, pool, out set);
    }

    /// <summary>Whose an external address and port is: the reverse mapping function.</summary>
    /// <param name="address">External address, host order.</param>
    /// <param name="port">External port or query identifier.</param>
    /// <param name="subscriber">Whose.</param>
    /// <param name="set">His ports.</param>
    /// <returns>False when the port is nobody's by computation: dynamic, reserved, or in no pool.</returns>
    public bool TryOwner(uint address, ushort port, out SubscriberId subscriber, out PortSet set)
    {
        foreach (DeterministicPool? pool in _pools)
        {
            // Counted here but sent to another pool, by a longer prefix: then the ports are nobody's.
            if (pool is not null && pool.TryOwnerOf(address, port, out subscriber))
            {
                return TryFind(subscriber.Kind, subscriber.High, subscriber.Low, out set)
                    && set.Address == address && set.FirstPort <= port && port <= set.LastPort;
            }
        }

        subscriber = default;
        set = default;
        return false;
    }

    private static bool IsMapped(Ipv6PrefixSetting prefix) =>
        prefix.Length >= MappedBits && prefix.High == 0 && prefix.Low >> 32 == 0xFFFF;

    private static Ipv4PrefixSetting Ipv4(Ipv6PrefixSetting prefix) =>
        new((uint)prefix.Low, (byte)(prefix.Length - MappedBits));
}
