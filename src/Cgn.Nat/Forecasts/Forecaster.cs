using System;
using System.Collections.Generic;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Memory.Tables;

namespace Cgn.Nat.Forecasts;

/// <summary>
/// Foretells what <see cref="NatShard.Apply"/> would do, by the same tables and from the same records, without
/// touching them. Records that workers change meanwhile are counted as they are met.
/// </summary>
public sealed class Forecaster
{
    private readonly ConfigSnapshot _now;
    private readonly ConfigSnapshot _next;
    private readonly PoolTable _poolsNow;
    private readonly PoolTable _poolsNext;
    private readonly PlanTable _plansNow;
    private readonly PlanTable _plansNext;
    private readonly StaticSet _staticsNext;
    private readonly bool _takesPlans;
    private readonly bool _refits;
    private readonly bool _hasNewRules;
    private readonly ulong _maskHigh;
    private readonly ulong _maskLow;

    /// <summary>Works two configurations out.</summary>
    /// <param name="now">In force.</param>
    /// <param name="next">To be; nothing differs that can't change while the gateway runs.</param>
    /// <param name="policies">What the control plane has granted, or null where it grants nothing.</param>
    public Forecaster(ConfigSnapshot now, ConfigSnapshot next, PolicyTable? policies = null)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(next);
        _now = now;
        _next = next;
        _poolsNow = new PoolTable(now);
        _poolsNext = new PoolTable(next, _poolsNow);
        _plansNow = new PlanTable(now, policies);
        _plansNext = new PlanTable(next, policies);
        _staticsNext = new StaticSet(next.StaticMappings);
        _refits = !_poolsNext.HasSameLayout(_poolsNow);
        _takesPlans = _refits || !_plansNext.GivesSame(_plansNow) || !HasSameNames(now.Plans, next.Plans);
        _hasNewRules = !now.InsideDeny.AsSpan().SequenceEqual(next.InsideDeny)
            || !now.OutsideDeny.AsSpan().SequenceEqual(next.OutsideDeny);
        int mask = now.Settings.SubscriberMaskV6;
        _maskHigh = PlanTable.LeadingOnes(mask);
        _maskLow = PlanTable.LeadingOnes(mask - 64);
    }

    /// <summary>Reads the records of all shards.</summary>
    public Forecast Read(IReadOnlyList<ShardRecords> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        Forecast forecast = new();
        for (int shard = 0; shard < shards.Count; shard++)
        {
            bool[] isCut = ReadBlocks(forecast, shards[shard], shard, shards.Count);
            ReadMappings(forecast, shards[shard], isCut);
            ReadSubscribers(forecast, shards[shard].Subscribers.Span);
            ReadSessions(forecast, shards[shard].Sessions.Span);
        }

        return forecast;
    }

    private static bool HasSameNames(PlanSettings[] now, PlanSettings[] next)
    {
        for (int i = 0; i < now.Length && i < next.Length; i++)
        {
            if (now[i].Name != next[i].Name)
                return false;
        }

        return now.Length == next.Length;
    }

    // Of a granted policy the plan that it is made of.
    private static PlanChoice ChoiceOf(ConfigSnapshot snapshot, PlanTable plans, ushort plan)
    {
        if (plan >= plans.Limits.Length || plans.Limits[plan].BlocksMax == 0)
            return new PlanChoice(null, plan == PlanNumber.Pending);
        ushort made = plans.Limits[plan].Number;
        return new PlanChoice(made < snapshot.Plans.Length ? snapshot.Plans[made].Name : null, IsAsked: false);
    }

    private SubscriberKey KeyOf(in SubscriberRecord s) => s.Kind == SubscriberKind.DsLite
        ? new SubscriberKey(s.B4High & _maskHigh, s.B4Low & _maskLow, s.Kind)
        : new SubscriberKey(s.B4High, s.B4Low, s.Kind);

    // By number of the record: whether the block would be taken back.
    private bool[] ReadBlocks(Forecast forecast, in ShardRecords shard, int number, int shardCount)
    {
        Span<BlockRecord> records = shard.Blocks.Span;
        bool[] isCut = new bool[records.Length];
        using Arena scratch = Arena.Private();
        var none = new Slab<BlockRecord>(
            scratch.Take("none", 2 * BlockRecord.SizeBytes), 1,
            scratch.Take("state", Slab<BlockRecord>.StateBytes),
            new Journal(scratch.Take("journal", Journal.SizeBytes)));
        ShardBlocks units = new(none, number, shardCount);
        if (_refits)
            units.Number(_poolsNext, _next.Pools.Length);
        for (int i = 1; i < records.Length; i++)
        {
            BlockRecord b = records[i];
            if (!b.IsGivenOut || b.Subscriber >= shard.Subscribers.Length)
                continue;
            forecast.Blocks++;
            if (_refits && !units.TryKeep(_poolsNext, b) && !IsSetOf(shard.Subscribers[b.Subscriber], b))
            {
                isCut[i] = true;
                forecast.CountBlock(_poolsNow.PoolOf(b.ExternalAddress));
            }
            else if (IsDrained(_poolsNext, b.ExternalAddress) && !IsDrained(_poolsNow, b.ExternalAddress))
            {
                forecast.BlocksDraining++;
            }
        }

        return isCut;
    }

    private static bool IsDrained(PoolTable pools, uint address) =>
        pools.TryFind(address, out int number) && pools.IsDrained(number);

    private bool IsSetOf(in SubscriberRecord s, in BlockRecord b)
    {
        SubscriberKey key = KeyOf(s);
        return _poolsNext.Plan is not null && _poolsNext.Plan.TryFind(key.Kind, key.High, key.Low, out PortSet set)
            && set.Address == b.ExternalAddress && set.FirstPort == b.FirstPort && set.LastPort == b.LastPort;
    }

    private void ReadMappings(Forecast forecast, in ShardRecords shard, bool[] isCut)
    {
        Span<MappingRecord> records = shard.Mappings.Span;
        HashSet<StaticMapping> taking = Taking(shard);
        for (int i = 1; i < records.Length; i++)
        {
            MappingRecord m = records[i];
            if (!m.IsLive)
                continue;
            forecast.Mappings++;
            bool isUnfit = _refits
                && (!_poolsNext.Contains(m.ExternalAddress) || (m.Block < isCut.Length && isCut[m.Block]));
            bool isDisplaced = !isUnfit && IsDisplaced(shard, m, taking);
            if (!isUnfit && !isDisplaced)
                continue;
            forecast.MappingsCut++;
            forecast.MappingsDisplaced += isDisplaced ? 1 : 0;
            forecast.SessionsCut += m.SessionCount;
        }
    }

    // It is no longer configured, or has to make way for one that is.
    private bool IsDisplaced(in ShardRecords shard, in MappingRecord m, HashSet<StaticMapping> taking)
    {
        SubscriberKey key = KeyAt(shard, m);
        if (m.State == MappingState.Static)
            return _staticsNext.Find(m, key) is null;
        return (_staticsNext.Outside(m) is { } outside && taking.Contains(outside))
            || (_staticsNext.Inside(m, key) is { } inside && taking.Contains(inside));
    }

    // Those that would be installed: not there yet, of a subscriber who is known or would be let in.
    private HashSet<StaticMapping> Taking(in ShardRecords shard)
    {
        HashSet<StaticMapping> taking = [.. _next.StaticMappings];
        if (taking.Count == 0)
            return taking;
        HashSet<SubscriberKey> known = [];
        foreach (ref readonly SubscriberRecord s in shard.Subscribers.Span[1..])
        {
            if (s.IsLive)
                known.Add(KeyOf(s));
        }

        taking.RemoveWhere(mapping => !known.Contains(PoolTable.KeyOf(mapping))
            && _plansNext.Find(PoolTable.KeyOf(mapping)) == PlanNumber.Refused);
        foreach (ref readonly MappingRecord m in shard.Mappings.Span[1..])
        {
            if (m.State == MappingState.Static && _staticsNext.Find(m, KeyAt(shard, m)) is { } there)
                taking.Remove(there);
        }

        return taking;
    }

    private SubscriberKey KeyAt(in ShardRecords shard, in MappingRecord m) =>
        m.Subscriber < shard.Subscribers.Length ? KeyOf(shard.Subscribers[m.Subscriber]) : default;

    private void ReadSubscribers(Forecast forecast, ReadOnlySpan<SubscriberRecord> records)
    {
        foreach (ref readonly SubscriberRecord place in records[1..])
        {
            SubscriberRecord s = place;
            if (!s.IsLive)
                continue;
            forecast.Subscribers++;
            SubscriberKey key = KeyOf(s);
            if (_takesPlans)
            {
                PlanChoice from = ChoiceOf(_now, _plansNow, s.Plan);
                PlanChoice to = ChoiceOf(_next, _plansNext, _plansNext.Keep(key, s.Plan));
                if (from != to)
                    forecast.CountMove(new PlanMove(key, from, to));
            }

            bool losesAddress = _refits && s.ExternalAddress != 0 && !_poolsNext.Contains(s.ExternalAddress);
            bool losesAftr = s is { Kind: SubscriberKind.DsLite, CreatedAt: not 0 } && LosesAftr(s.AftrAddress);
            forecast.Readdressed += losesAddress ? 1 : 0;
            forecast.Unmatched += IsMatched(_now, s) && !IsMatched(_next, s) ? 1 : 0;
            forecast.WithoutAftr += losesAftr ? 1 : 0;
        }
    }

    private bool LosesAftr(byte number) => number < _now.AftrAddresses.Length
        && Array.IndexOf(_next.AftrAddresses, _now.AftrAddresses[number]) < 0;

    private static bool IsMatched(ConfigSnapshot snapshot, in SubscriberRecord s)
    {
        if (s.Kind == SubscriberKind.DsLite)
        {
            foreach (Ipv6PrefixSetting prefix in snapshot.SoftwireSources)
            {
                if (prefix.Contains(s.B4High, s.B4Low))
                    return true;
            }

            return false;
        }

        foreach (Ipv4PrefixSetting prefix in snapshot.Nat444Sources)
        {
            if (prefix.Contains((uint)s.B4Low))
                return true;
        }

        return false;
    }

    private void ReadSessions(Forecast forecast, ReadOnlySpan<SessionRecord> records)
    {
        foreach (ref readonly SessionRecord place in records[1..])
        {
            if (!place.IsLive)
                continue;
            forecast.Sessions++;
            if (_hasNewRules && !IsDenied(_now, place) && IsDenied(_next, place))
                forecast.SessionsDenied++;
        }
    }

    private static bool IsDenied(ConfigSnapshot snapshot, in SessionRecord s) =>
        Holds(snapshot.InsideDeny, s.InternalAddress, s.RemoteAddress)
        || Holds(snapshot.OutsideDeny, s.RemoteAddress, s.ExternalAddress);

    private static bool Holds(AccessRule[] rules, uint source, uint destination)
    {
        foreach (ref readonly AccessRule rule in rules.AsSpan())
        {
            if (rule.Holds(source, destination))
                return true;
        }

        return false;
    }
}
