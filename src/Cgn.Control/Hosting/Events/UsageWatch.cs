using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Metrics;
using Cgn.Control.State;

namespace Cgn.Control.Hosting.Events;

/// <summary>
/// What the operator is told of the gateway as a whole, of pools and of single addresses, which no shard knows by
/// itself. Counters are read at each look; the port blocks' records only where something asks for them, and no more
/// often than it may be told.
/// </summary>
internal sealed class UsageWatch
{
    // So that a pool that fills up everywhere at once makes no storm; the others are told at the next looks.
    private const int AddressesAtOnce = 16;

    private readonly UsageThreshold _softwires = new();
    private readonly UsageThreshold _addresses = new();
    private readonly UsageThreshold _ports = new();
    private readonly Dictionary<string, (UsageThreshold Threshold, long LookedAtMs)> _pools = [];
    private Dictionary<uint, UsageThreshold> _addressPorts = [];
    private long? _portsLookedAtMs;

    /// <summary>Takes a look.</summary>
    /// <param name="view">The gateway's state.</param>
    /// <param name="options">The configuration in force.</param>
    /// <param name="nowMs">The time, in milliseconds of a clock that does not go back.</param>
    /// <param name="unixMs">The time to be told.</param>
    /// <returns>What is to be told.</returns>
    public List<ForwarderEvent> Look(StateView view, GatewayOptions options, long nowMs, long unixMs)
    {
        List<ForwarderEvent> told = [];
        ThresholdsSection thresholds = options.Thresholds;
        TimeSpan interval = thresholds.InstanceNotifyInterval.Span;
        long softwires = view.Sum(CounterId.Softwires);
        long capacity = view.Snapshot.Settings.SubscriberCapacity;
        UsageCrossing crossing = _softwires.Look(softwires, capacity, 0, thresholds.Softwires, nowMs, interval);
        Add(told, crossing, WatchedResource.Softwires, softwires, capacity);

        var use = new Lazy<PortUse>(() => PortUse.Of(view));
        bool asks = (thresholds.Addresses | thresholds.Ports | thresholds.AddressPorts) != 0;
        if (asks && IsDue(_portsLookedAtMs, nowMs, interval))
        {
            _portsLookedAtMs = nowMs;
            LookAtAll(told, use.Value, view.Snapshot.Pools, thresholds, nowMs, interval);
        }

        foreach (PoolSection pool in options.Pools)
            LookAt(told, pool, use, view.Snapshot.Pools, nowMs);
        for (int i = 0; i < told.Count; i++)
            told[i] = told[i] with { UnixMs = unixMs, Shard = ForwarderEvent.WholeGateway };
        return told;
    }

    private static bool IsDue(long? lookedAtMs, long nowMs, TimeSpan interval) =>
        lookedAtMs is not { } looked || nowMs - looked >= (long)interval.TotalMilliseconds;

    private void LookAtAll(
        List<ForwarderEvent> told, PortUse use, PoolSettings[] pools, ThresholdsSection thresholds, long nowMs,
        TimeSpan interval)
    {
        long addresses = use.Addresses.Sum();
        UsageCrossing crossing = _addresses.Look(
            use.UsedAddressCount, addresses, 0, thresholds.Addresses, nowMs, interval);
        Add(told, crossing, WatchedResource.Addresses, use.UsedAddressCount, addresses);
        (long given, long total) = (use.Given.Sum(), use.Total.Sum());
        crossing = _ports.Look(given, total, 0, thresholds.Ports, nowMs, interval);
        Add(told, crossing, WatchedResource.Ports, given, total);
        if (thresholds.AddressPorts != 0)
            LookAtAddresses(told, use, pools, thresholds.AddressPorts, nowMs, interval);
    }

    private void LookAtAddresses(
        List<ForwarderEvent> told, PortUse use, PoolSettings[] pools, int high, long nowMs, TimeSpan interval)
    {
        Dictionary<uint, UsageThreshold> known = [];
        int count = 0;
        foreach (uint address in use.UsedAddresses)
        {
            UsageThreshold threshold = _addressPorts.GetValueOrDefault(address) ?? new UsageThreshold();
            known[address] = threshold;
            int pool = BlockUse.PoolOf(pools, address);
            if (pool < 0 || count == AddressesAtOnce)
                continue;
            (long ports, byte protocol) = use.OfAddress(address);
            long capacity = use.Total[pool] / Math.Max(1, use.Addresses[pool]);
            UsageCrossing crossing = threshold.Look(ports, capacity, 0, high, nowMs, interval);
            if (crossing == UsageCrossing.None)
                continue;
            count++;
            Add(told, crossing, WatchedResource.AddressPorts, ports, capacity, pool, protocol, address);
        }

        // Nobody has a block at the others any more.
        _addressPorts = known;
    }

    private void LookAt(
        List<ForwarderEvent> told, PoolSection pool, Lazy<PortUse> use, PoolSettings[] pools, long nowMs)
    {
        PoolUsageSection usage = pool.NotifyUsage;
        int number = Array.FindIndex(pools, one => one.Name == pool.Id);
        TimeSpan interval = usage.NotifyInterval.Span;
        bool isKnown = _pools.TryGetValue(pool.Id, out (UsageThreshold Threshold, long LookedAtMs) known);
        if ((usage.LowThreshold | usage.HighThreshold) == 0 || number < 0
            || (isKnown && !IsDue(known.LookedAtMs, nowMs, interval)))
        {
            return;
        }

        UsageThreshold threshold = known.Threshold ?? new UsageThreshold();
        _pools[pool.Id] = (threshold, nowMs);
        (long given, long total) = (use.Value.Given[number], use.Value.Total[number]);
        UsageCrossing crossing = threshold.Look(
            given, total, usage.LowThreshold, usage.HighThreshold, nowMs, interval);
        Add(told, crossing, WatchedResource.PoolPorts, given, total, number, use.Value.MostMappedOf(number));
    }

    private static void Add(
        List<ForwarderEvent> told, UsageCrossing crossing, WatchedResource resource, long level, long capacity,
        int pool = 0, byte protocol = 0, uint address = 0)
    {
        if (crossing == UsageCrossing.None)
            return;
        told.Add(new ForwarderEvent
        {
            Kind = crossing == UsageCrossing.High ? EventKind.ThresholdCrossed : EventKind.ThresholdLow,
            Resource = resource,
            Level = (uint)Math.Min(level, uint.MaxValue),
            Capacity = (uint)Math.Min(capacity, uint.MaxValue),
            Pool = (ushort)pool,
            Protocol = protocol,
            ExternalAddress = address,
        });
    }
}
