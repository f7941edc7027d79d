using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Wire;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Pools of public addresses: disjoint, public, and cut into blocks that exist.</summary>
internal static class PoolChecks
{
    private const int PortsAnAddress = 65536;
    private const int FirstUserPort = 1024;
    private const ulong BlocksMax = 1UL << 28;
    private const int GroupMax = 64;

    /// <summary>Items that a list of reserved ports may have: each new mapping goes through it.</summary>
    internal const int ReservedMax = 64;

    /// <summary>Blocks of the smaller size that a pool's addresses are cut into, counted from port 0.</summary>
    public static ulong Blocks(PoolSection pool) =>
        pool.Prefixes.Aggregate(0UL, static (sum, prefix) => sum + prefix.Prefix.AddressCount)
        * (ulong)((PortsAnAddress + Unit(pool) - 1) / Unit(pool));

    private static int Initial(PoolSection pool) => pool.InitialPortSetSize ?? pool.PortSetSize;

    private static int Unit(PoolSection pool) => Math.Min(pool.PortSetSize, Initial(pool));

    public static void Run(GatewayOptions options, FaultList faults)
    {
        if (options.Pools.Count == 0 && options.IsGiven(nameof(options.Pools)))
            return;
        var before = new List<(Ipv4Prefix Prefix, PoolSection Pool)>();
        var ids = new Dictionary<string, PoolSection>(StringComparer.Ordinal);
        foreach (PoolSection pool in options.Pools)
        {
            Id(pool, ids, faults);
            for (int i = 0; i < pool.Prefixes.Count; i++)
            {
                Ipv4Prefix prefix = pool.Prefixes[i].Prefix;
                Place place = pool.PlaceOf(nameof(pool.Prefixes), i);
                Overlap(prefix, pool, place, before, faults);
                Space(prefix, place, faults);
                Access(prefix, place, options, faults);
                before.Add((prefix, pool));
            }

            Ports(pool, faults);
            Usage(pool, faults);
        }

        if (options.Pools.Aggregate(0UL, static (sum, pool) => sum + Blocks(pool)) > BlocksMax)
        {
            faults.Error(
                options.PlaceOf(nameof(options.Pools)),
                $"the pools make more than {BlocksMax} port blocks; larger ones would do");
        }
    }

    private static void Usage(PoolSection pool, FaultList faults)
    {
        PoolUsageSection usage = pool.NotifyUsage;
        if (usage.HighThreshold == 0 || usage.LowThreshold <= usage.HighThreshold)
            return;
        faults.Error(
            usage.PlaceOf(nameof(usage.LowThreshold)),
            $"notify-pool-usage of pool {pool.Id} has low-threshold {usage.LowThreshold} above high-threshold "
            + $"{usage.HighThreshold}; {usage.HighThreshold} or less would be right");
    }

    private static bool IsRatio(int larger, int smaller) =>
        larger % smaller == 0 && larger / smaller <= GroupMax && int.IsPow2(larger / smaller);

    private static void Id(PoolSection pool, Dictionary<string, PoolSection> ids, FaultList faults)
    {
        Place place = pool.PlaceOf(nameof(pool.Id));
        if (!pool.Id.All(GatewayChecks.IsNameLetter))
            faults.Error(place, $"pool id '{pool.Id}' is no name; letters, digits, '.', '-' and '_' would be");
        if (!ids.TryAdd(pool.Id, pool))
        {
            faults.Error(
                place,
                $"pool id '{pool.Id}' is given twice; it stands on line {ids[pool.Id].Place.Line} already");
        }
    }

    private static void Overlap(
        Ipv4Prefix prefix, PoolSection pool, Place place,
        List<(Ipv4Prefix Prefix, PoolSection Pool)> before, FaultList faults)
    {
        foreach ((Ipv4Prefix other, PoolSection owner) in before)
        {
            if (!prefix.Overlaps(other))
                continue;
            string whose = owner == pool ? "of the same pool" : $"of pool {owner.Id}";
            faults.Error(
                place,
                $"external-ip-pool {prefix} of pool {pool.Id} overlaps {other} {whose}; "
                + "disjoint prefixes are needed (RFC 6333 section 8.1)");
        }
    }

    private static void Space(Ipv4Prefix prefix, Place place, FaultList faults)
    {
        if (AddressSpace.IsNeverForwarded(prefix))
        {
            faults.Error(
                place,
                $"external-ip-pool {prefix} holds addresses that are never forwarded (RFC 1812 section 5.3.7)");
        }
        else if (AddressSpace.TouchesPrivate(prefix))
        {
            faults.Warn(
                place,
                $"external-ip-pool {prefix} is not public; the Internet won't answer to it (RFC 1918, RFC 6598)");
        }
    }

    private static void Access(Ipv4Prefix prefix, Place place, GatewayOptions options, FaultList faults)
    {
        IEnumerable<Ipv4PrefixValue> inside =
        [
            .. options.Nat444?.SubscriberMatch ?? [],
            .. options.DsLite?.InnerSubscriberMatch ?? [],
        ];
        foreach (Ipv4PrefixValue match in inside.Where(match => match.Prefix.Overlaps(prefix)))
        {
            faults.Error(
                place,
                $"external-ip-pool {prefix} overlaps the subscribers' {match}; a pool is outside, they are inside");
        }
    }

    private static void Ports(PoolSection pool, FaultList faults)
    {
        Place place = pool.PlaceOf(nameof(pool.PortRange));
        int size = Math.Max(pool.PortSetSize, Initial(pool));
        if (!IsRatio(size, Unit(pool)))
        {
            faults.Error(
                pool.PlaceOf(nameof(pool.InitialPortSetSize)),
                $"initial-port-set-size {Initial(pool)} and port-set-size {pool.PortSetSize} of pool {pool.Id} don't "
                + $"fit into each other; the larger is to be 1, 2, 4 ... {GroupMax} times the smaller");
            return;
        }

        if (pool.ReservedPorts.Count > ReservedMax)
        {
            faults.Error(
                pool.PlaceOf(nameof(pool.ReservedPorts)),
                $"reserved-ports of pool {pool.Id} has {pool.ReservedPorts.Count} items; at most {ReservedMax} are "
                + "possible, but each may be a range");
        }

        int firstBlock = (pool.PortRange.First + size - 1) / size;
        int endBlock = (pool.PortRange.Last + 1) / size;
        if (firstBlock >= endBlock)
        {
            faults.Error(
                place,
                $"port-range {pool.PortRange} of pool {pool.Id} holds no whole block of {size} ports, which begin at "
                + $"multiples of {size}; a wider range or a smaller port-set-size would be right");
            return;
        }

        int unused = pool.PortRange.Count - ((endBlock - firstBlock) * size);
        if (unused != 0)
        {
            faults.Warn(
                place,
                $"port-range {pool.PortRange} of pool {pool.Id} leaves {unused} ports unused, since blocks begin at "
                + $"multiples of {size}; {firstBlock * size}-{(endBlock * size) - 1} is what is used");
        }

        if (pool.PortRange.First < FirstUserPort)
        {
            faults.Warn(
                place,
                $"port-range {pool.PortRange} gives system ports to anybody; 1024 and up is usual (RFC 6908 section "
                + "2.11)");
        }
    }
}
