using System;
using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Contract.Pools;

/// <summary>
/// A pool in deterministic mode: its subscribers in their order, each with as many ports, one address after the other
/// (RFC 7422 section 2, algorithm 0, sequential). What is left of each address's ports, behind the sets, is its dynamic
/// range.
/// </summary>
public sealed class DeterministicPool
{
    private readonly InsideRange[] _inside;
    private readonly Ipv4PrefixSetting[] _outside;

    /// <summary>Works a pool out.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="nat444">NAT444 customers that it is for.</param>
    /// <param name="dsLite">B4s that it is for.</param>
    /// <param name="maskBits">Bits of a B4's address that name the subscriber.</param>
    public DeterministicPool(
        PoolSettings pool, IEnumerable<Ipv4PrefixSetting> nat444, IEnumerable<Ipv6PrefixSetting> dsLite, int maskBits)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(nat444);
        ArgumentNullException.ThrowIfNull(dsLite);
        List<InsideRange> inside = [];
        foreach (Ipv4PrefixSetting prefix in nat444)
            Add(inside, InsideRange.Of(prefix, SubscriberCount));
        foreach (Ipv6PrefixSetting prefix in dsLite)
            Add(inside, InsideRange.Of(prefix, maskBits, SubscriberCount));
        _inside = [.. inside];
        _outside = pool.Prefixes;
        foreach (Ipv4PrefixSetting prefix in _outside)
            AddressCount += 1UL << (32 - prefix.Length);
        FirstPort = pool.FirstPort;
        if (SubscriberCount == 0 || AddressCount == 0)
            return;
        Compression = ((SubscriberCount - 1) / AddressCount) + 1;
        ulong ports = (ulong)(pool.LastPort - pool.FirstPort + 1);
        SetSize = (int)(ports / Saturated(Compression, (ulong)pool.DynamicFactor));
        SetsEnd = FirstPort + (int)Math.Min(Compression * (ulong)SetSize, ports);
    }

    /// <summary>Subscribers that it is for; all that do not fit 64 bits count as the most that do.</summary>
    public ulong SubscriberCount { get; private set; }

    /// <summary>External addresses.</summary>
    public ulong AddressCount { get; }

    /// <summary>Subscribers that share an address at most (RFC 7422's C).</summary>
    public ulong Compression { get; }

    /// <summary>Ports of each subscriber; 0 when the pool is too small.</summary>
    public int SetSize { get; }

    /// <summary>First port of an address's first set.</summary>
    public int FirstPort { get; }

    /// <summary>One more than the last port of an address's last set: where its dynamic range begins.</summary>
    public int SetsEnd { get; }

    /// <summary>The set of a subscriber.</summary>
    /// <param name="kind">DS-Lite or NAT444.</param>
    /// <param name="high">Upper half of the subscriber's key; 0 for NAT444.</param>
    /// <param name="low">Lower half; for NAT444 the customer's IPv4 address.</param>
    /// <param name="pool">Number of this pool, for the answer.</param>
    /// <param name="set">The set.</param>
    /// <returns>False when the pool is not for this subscriber, or too small.</returns>
    public bool TryFind(SubscriberKind kind, ulong high, ulong low, int pool, out PortSet set)
    {
        set = default;
        if (SetSize == 0)
            return false;
        foreach (InsideRange range in _inside)
        {
            if (!range.TryNumber(kind, new UInt128(high, low), out ulong number))
                continue;
            int first = FirstPort + ((int)(number % Compression) * SetSize);
            set = new PortSet(
                AddressOf(number / Compression), (ushort)first, (ushort)(first + SetSize - 1), pool);
            return true;
        }

        return false;
    }

    /// <summary>The subscriber whose set a port lies in.</summary>
    /// <param name="address">Number of the external address in the pool, in the order of its prefixes.</param>
    /// <param name="port">The port.</param>
    /// <param name="subscriber">Whose it is.</param>
    /// <returns>False when the port is in no set, or the set nobody's.</returns>
    public bool TryOwner(ulong address, ushort port, out SubscriberId subscriber)
    {
        subscriber = default;
        if (port < FirstPort || port >= SetsEnd)
            return false;
        ulong number = (address * Compression) + (ulong)((port - FirstPort) / SetSize);
        if (number >= SubscriberCount)
            return false;
        int low = 0;
        int high = _inside.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_inside[middle].Before <= number)
                low = middle;
            else
                high = middle - 1;
        }

        UInt128 key = _inside[low].Key(number);
        subscriber = new SubscriberId(_inside[low].Kind, (ulong)(key >> 64), (ulong)key);
        return true;
    }

    /// <summary>The same, for an address itself.</summary>
    /// <returns>False also when the address is not the pool's.</returns>
    public bool TryOwnerOf(uint address, ushort port, out SubscriberId subscriber)
    {
        ulong before = 0;
        foreach (Ipv4PrefixSetting prefix in _outside)
        {
            if (prefix.Contains(address))
                return TryOwner(before + (address - prefix.Address), port, out subscriber);
            before += 1UL << (32 - prefix.Length);
        }

        subscriber = default;
        return false;
    }

    private void Add(List<InsideRange> inside, InsideRange range)
    {
        inside.Add(range);
        SubscriberCount = Saturated(SubscriberCount, range.Count);
    }

    private uint AddressOf(ulong number)
    {
        foreach (Ipv4PrefixSetting prefix in _outside)
        {
            ulong count = 1UL << (32 - prefix.Length);
            if (number < count)
                return prefix.Address + (uint)number;
            number -= count;
        }

        return 0;
    }

    private static ulong Saturated(ulong left, ulong right) =>
        left + right < left ? ulong.MaxValue : left + right;
}
