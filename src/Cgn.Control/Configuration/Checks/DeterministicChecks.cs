using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Pools;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.State;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Deterministic mode: everything about ports follows from addresses, and there are enough of them.</summary>
internal static class DeterministicChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        bool isOn = options.NatPolicy.PortAllocation == PortAllocationType.Deterministic;
        foreach (PoolSection pool in options.Pools)
        {
            if (isOn)
                Blocks(pool, faults);
            else if (pool.DynamicPoolFactor != 0 || pool.MaxPortsPerSubscriber != 0)
            {
                faults.Warn(
                    pool.Place,
                    $"dynamic-pool-factor and max-ports-per-subscriber of pool {pool.Id} are for port-allocation-type "
                    + "deterministic only; here they do nothing");
            }
        }

        if (!isOn || faults.HasErrors || options.Pools.Count == 0)
            return;
        Choices(options, faults);
        if (faults.HasErrors)
            return;
        var plan = new PortPlan(SnapshotCompiler.Compile(options, processorCount: 1));
        for (int i = 0; i < options.Pools.Count; i++)
        {
            if (plan.Pools[i] is { } computed)
                Size(options.Pools[i], computed, faults);
        }

        if (!faults.HasErrors)
            Statics(plan, options.NatPolicy.StaticMappings, faults);
    }

    /// <summary>What ports a configuration without errors gives to whom; null where it does not compute them.</summary>
    public static PortPlan? PlanOf(GatewayOptions options) =>
        options.NatPolicy.PortAllocation == PortAllocationType.Deterministic
            ? new PortPlan(SnapshotCompiler.Compile(options, processorCount: 1))
            : null;

    private static void Blocks(PoolSection pool, FaultList faults)
    {
        if (pool.InitialPortSetSize is { } initial && initial != pool.PortSetSize)
        {
            faults.Error(
                pool.PlaceOf(nameof(pool.InitialPortSetSize)),
                $"initial-port-set-size of pool {pool.Id} has no meaning where sets are computed; without it, it would "
                + "be right");
        }

        if (pool.Drain || pool.DrainPrefixes.Count != 0)
        {
            faults.Error(
                pool.PlaceOf(nameof(pool.Drain)),
                $"pool {pool.Id} can't drain: in deterministic mode every address is somebody's by computation; "
                + "port-allocation-type port-set, or another external-ip-pool, would be right");
        }
    }

    private static void Choices(GatewayOptions options, FaultList faults)
    {
        foreach (PlanSection plan in options.Plans.Where(static plan => plan.Pool is not null))
        {
            faults.Error(
                plan.PlaceOf(nameof(plan.Pool)),
                "plans.pool can't choose in deterministic mode, where addresses alone do; the pool's match would");
        }

        foreach (StaticSubscriberSection entry in options.Subscribers.Static.Where(static e => e.Pool is not null))
        {
            faults.Error(
                entry.PlaceOf(nameof(entry.Pool)),
                "subscribers.static.pool can't choose in deterministic mode; the pool's match would");
        }

        PoolSection[] open = [.. options.Pools.Where(static pool => pool.Match.Count == 0)];
        foreach (PoolSection pool in open.Skip(1))
        {
            faults.Error(
                pool.Place,
                $"pools {open[0].Id} and {pool.Id} are both for everybody; in deterministic mode one pool may be, and "
                + "others with a match");
        }
    }

    private static void Size(PoolSection pool, DeterministicPool computed, FaultList faults)
    {
        int atLeast = pool.PortSetSize;
        if (computed.SetSize >= atLeast)
            return;
        ulong ports = (ulong)pool.PortRange.Count;
        ulong sharing = Math.Max(1, (ports / (ulong)atLeast) - Math.Min(ports, (ulong)pool.DynamicPoolFactor));
        ulong needed = ((computed.SubscriberCount - 1) / sharing) + 1;
        faults.Error(
            pool.PlaceOf(nameof(pool.Prefixes)),
            $"pool {pool.Id} has {CountText.Of(computed.AddressCount, "address", "addresses")} for "
            + $"{CountText.Of(computed.SubscriberCount, "subscriber")}: {CountText.Of(computed.SetSize, "port")} each, "
            + $"and port-set-size asks for {atLeast} at least; {CountText.Of(needed, "address", "addresses")} would "
            + "do, or a narrower match or subscriber-match (RFC 7422 section 2)");
    }

    /// <summary>Static mappings get no port that is somebody else's by computation.</summary>
    public static void Statics(PortPlan plan, IReadOnlyList<StaticMappingSection> mappings, FaultList faults)
    {
        foreach (StaticMappingSection mapping in mappings)
        {
            uint address = mapping.External.Address.Value;
            if (!plan.TryOwner(address, mapping.External.Port, out _, out _))
                continue;
            SubscriberMatch who = mapping.Subscriber;
            if (plan.TryFind(
                    who.IsIpv6 ? Contract.Records.SubscriberKind.DsLite : Contract.Records.SubscriberKind.Nat444,
                    who.High, who.Low, out PortSet set)
                && set.Address == address && set.FirstPort <= mapping.External.Port
                && mapping.External.Port <= set.LastPort)
            {
                continue;
            }

            string right = set.FirstPort == 0 ? "a reserved or dynamic port"
                : $"{new Wire.Ipv4Address(set.Address)} ports {set.FirstPort}-{set.LastPort}, or a reserved port,";
            faults.Error(
                mapping.PlaceOf(nameof(mapping.External)),
                $"static-mappings.external {mapping.External} is another subscriber's by computation; {right} would be "
                + "right");
        }
    }
}
