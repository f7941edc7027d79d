using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Nat;

// Another configuration: timers and limits hold from now on, for what exists too; what no longer fits ends.
public sealed partial class NatShard
{
    /// <summary>
    /// Static mappings of this shard that could not be installed: their subscriber is refused, or a table is full.
    /// </summary>
    public int StaticMappingsRefused { get; private set; }

    /// <summary>
    /// Takes a new configuration, between two turns. Subscribers get their plans anew, but for what was granted to them
    /// on top of a plan that there still is; mappings on addresses, ports or
    /// blocks that the new pools do not have end with their sessions, all others go on. Seed, shards, capacities and
    /// subscriber mask stay as at the start.
    /// </summary>
    /// <param name="next">The configuration.</param>
    /// <param name="pools">Made from it and from the table in force.</param>
    public void Apply(ConfigSnapshot next, PoolTable pools)
    {
        PoolTable before = _pools;
        // Whoever attaches while it is under way makes everything fit from the records.
        _header[FitsWord] = 0;
        bool restates = !next.UdpPortTimeouts.AsSpan().SequenceEqual(_snapshot.UdpPortTimeouts);
        PlanTable plansBefore = _plans;
        if (!next.AftrAddresses.AsSpan().SequenceEqual(_snapshot.AftrAddresses))
            RenumberAftrs(_snapshot.AftrAddresses, next.AftrAddresses);
        _snapshot = next;
        _settings = next.Settings;
        _pools = pools;
        _plans = new PlanTable(next, _policies);
        _limits = _plans.Limits;
        TakeTimers();
        if (restates)
            TakeStates();
        TakeThresholds();
        TakePortPolicy();
        TakeInstanceLimits();
        TakeHeld();
        bool isSameLayout = pools.HasSameLayout(before);
        if (!isSameLayout)
            Refit(before, _lastNow);
        if (!isSameLayout || !_plans.GivesSame(plansBefore))
            TakePlans();
        InstallStatics(_lastNow);
        _header[FitsWord] = _pools.SnapshotHash;
    }

    // A B4 whose AFTR address is gone is answered from the first one, until it sends to another.
    private void RenumberAftrs(Ipv6PrefixSetting[] before, Ipv6PrefixSetting[] after)
    {
        byte[] numbers = new byte[before.Length];
        for (int i = 0; i < before.Length; i++)
            numbers[i] = (byte)Math.Max(0, Array.IndexOf(after, before[i]));
        for (uint i = 1; i < _subscribers.Fresh; i++)
        {
            ref SubscriberRecord s = ref _subscribers[i];
            s.AftrAddress = s.AftrAddress < numbers.Length ? numbers[s.AftrAddress] : (byte)0;
        }
    }

    private void TakePlans()
    {
        for (uint i = 1; i < _subscribers.Fresh; i++)
        {
            ref SubscriberRecord s = ref _subscribers[i];
            if (!s.IsLive)
                continue;
            s.Plan = _plans.Keep(KeyOf(s), s.Plan);
            if (!_pools.Contains(s.ExternalAddress))
                s.ExternalAddress = 0;
        }
    }

    private void InstallStatics(in WorkerTime now)
    {
        for (uint i = 1; i < _mappings.Fresh; i++)
        {
            if (_mappings[i].State == MappingState.Static && !IsConfigured(_mappings[i]))
                EndMapping(i, now);
        }

        InstallConfigured(now);
    }

    private void InstallConfigured(in WorkerTime now)
    {
        StaticMappingsRefused = 0;
        foreach (StaticMapping configured in _snapshot.StaticMappings)
        {
            SubscriberKey key = PoolTable.KeyOf(configured);
            if (ShardOf(key, _shardCount, _settings.Seed) == _shard && !TryInstall(configured, key, now))
                StaticMappingsRefused++;
            Commit();
        }
    }

    private bool IsConfigured(in MappingRecord m) =>
        _pools.Statics.Find(m, KeyOf(_subscribers[m.Subscriber])) is not null;

    private bool IsSame(in MappingRecord m, StaticMapping configured) =>
        m.ExternalAddress == configured.ExternalAddress && m.ExternalPort == configured.ExternalPort
        && m.Protocol == configured.Protocol && m.InternalAddress == configured.InternalAddress
        && m.InternalPort == configured.InternalPort
        && KeyOf(_subscribers[m.Subscriber]) == PoolTable.KeyOf(configured);

    private bool TryInstall(StaticMapping configured, in SubscriberKey key, in WorkerTime now)
    {
        uint there = FindExternal(configured.ExternalAddress, configured.ExternalPort, configured.Protocol, 0);
        if (there != 0 && _mappings[there].State == MappingState.Static && IsSame(_mappings[there], configured))
            return true;
        uint subscriber = FindSubscriber(key);
        if (subscriber == 0)
            subscriber = MakeSubscriber(key, key.High, key.Low, out _);
        if (subscriber == 0)
            return false;
        // The operator's word goes before what traffic made: on the external endpoint and for the internal one.
        if (there != 0)
            EndMapping(there, now);
        FlowKey flow = new()
        {
            InternalAddress = configured.InternalAddress,
            InternalPort = configured.InternalPort,
            Protocol = configured.Protocol,
        };
        uint dynamic = FindInternal(subscriber, flow, 0, out uint held);
        if (dynamic != 0)
            EndMapping(dynamic, now);
        if (held != 0)
            FreeMapping(held, now.Tick);
        Commit();
        return TryBeginStatic(configured, subscriber);
    }

    private bool TryBeginStatic(StaticMapping configured, uint subscriber)
    {
        uint mapping = BeginMapping(
            new MappingRecord
            {
                Subscriber = subscriber,
                InternalAddress = configured.InternalAddress,
                InternalPort = configured.InternalPort,
                ExternalAddress = configured.ExternalAddress,
                ExternalPort = configured.ExternalPort,
                Protocol = configured.Protocol,
                State = MappingState.Static,
            },
            out _);
        if (mapping == 0)
            return false;
        ref SubscriberRecord s = ref _subscribers[subscriber];
        if (s.ExternalAddress == 0)
        {
            Kept(ref s.ExternalAddress) = configured.ExternalAddress;
            Kept(ref s.Pool) = (ushort)Math.Max(0, _pools.PoolOf(configured.ExternalAddress));
        }

        return true;
    }
}
