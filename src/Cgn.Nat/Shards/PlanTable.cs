using System;
using System.Collections.Generic;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Nat;

/// <summary>
/// The plans of a snapshot and the policies granted on top of them, and which subscriber has which.
/// </summary>
internal sealed class PlanTable
{
    private readonly PrefixTable<ushort> _static = new();
    private readonly Dictionary<PolicyName, ushort> _byName = [];
    private readonly ushort _default;
    private readonly ConfigSnapshot _snapshot;
    private readonly PolicyTable? _policies;
    private readonly uint[] _versions = [];

    /// <summary>Works out the limits of every plan and of every policy that has been granted.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="policies">What is granted, or null where nobody grants anything.</param>
    internal PlanTable(ConfigSnapshot snapshot, PolicyTable? policies)
    {
        _snapshot = snapshot;
        _policies = policies;
        // Whoever is refused, or waits, or has a granted policy that can't be followed has no ports: no plan has none.
        Limits = new PlanLimits[policies is null ? PlanNumber.FirstGranted : PlanNumber.End];
        for (int i = 0; i < snapshot.Plans.Length; i++)
        {
            Limits[i] = new PlanLimits(snapshot.Plans[i], (ushort)i, snapshot.Settings);
            HasGardens |= Limits[i].IsGarden;
        }

        int byDefault = snapshot.Settings.DefaultPlan;
        _default = snapshot.Settings.AsksUnknown ? PlanNumber.Pending
            : (uint)byDefault < (uint)snapshot.Plans.Length ? (ushort)byDefault
            : PlanNumber.Refused;
        foreach (StaticSubscriber subscriber in snapshot.StaticSubscribers)
            _static.Put(subscriber.Prefix, subscriber.Plan);
        if (policies is null)
            return;
        _versions = new uint[PlanNumber.GrantedMax];
        for (int i = 0; i < snapshot.Plans.Length; i++)
        {
            if (PolicyName.TryPack(snapshot.Plans[i].Name, out PolicyName name))
                _byName.TryAdd(name, (ushort)i);
        }

        for (int slot = 0; slot < PlanNumber.GrantedMax; slot++)
            TakePolicy(slot);
    }

    /// <summary>Limits by <see cref="PlanNumber"/>; without ports for subscribers that are not served.</summary>
    internal PlanLimits[] Limits { get; }

    /// <summary>Unknown subscribers wait for what the control plane says, so it is asked about them.</summary>
    internal bool AsksUnknown => _default == PlanNumber.Pending;

    /// <summary>There is a plan whose subscribers are in the walled garden.</summary>
    internal bool HasGardens { get; }

    /// <summary>The plan of a subscriber: that of the longest prefix that names it, else the default.</summary>
    internal ushort Find(in SubscriberKey key) => TryFindStatic(key, out ushort plan) ? plan : _default;

    /// <summary>The configuration says itself which plan a subscriber has.</summary>
    internal bool IsNamed(in SubscriberKey key) => TryFindStatic(key, out _);

    /// <summary>
    /// The plan of a subscriber that had one already, of this configuration or another: what was granted or refused to
    /// it stays where the configuration doesn't name it.
    /// </summary>
    /// <param name="key">The subscriber.</param>
    /// <param name="had">Number of the plan that it had.</param>
    internal ushort Keep(in SubscriberKey key, ushort had)
    {
        if (TryFindStatic(key, out ushort plan))
            return plan;
        bool isKept = PlanNumber.IsGranted(had) ? had < Limits.Length && Limits[had].BlocksMax != 0
            : had == PlanNumber.Refused && AsksUnknown;
        return isKept ? had : _default;
    }

    /// <summary>
    /// A subscriber may be given this plan by command: a granted one, whose latest wording is read now, or refusal.
    /// Others are the configuration's to give.
    /// </summary>
    /// <param name="number">Number of the plan.</param>
    internal bool CanGive(ushort number)
    {
        if (_policies is null || !PlanNumber.IsGranted(number))
            return number == PlanNumber.Refused;
        int slot = PlanNumber.SlotOf(number);
        if (_policies.VersionOf(slot) != _versions[slot])
            TakePolicy(slot);
        return Limits[number].BlocksMax != 0;
    }

    /// <summary>
    /// Both tables give every subscriber the same number, and granted policies are followed by both or by neither.
    /// </summary>
    internal bool GivesSame(PlanTable other) =>
        _default == other._default && _snapshot.Settings.DefaultPlan == other._snapshot.Settings.DefaultPlan
        && HasSamePlans(other)
        && _snapshot.StaticSubscribers.AsSpan().SequenceEqual(other._snapshot.StaticSubscribers);

    internal static ulong LeadingOnes(int bits) =>
        bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - bits);

    private bool HasSamePlans(PlanTable other)
    {
        if (_snapshot.Plans.Length != other._snapshot.Plans.Length)
            return false;
        for (int i = 0; i < _snapshot.Plans.Length; i++)
        {
            if (_snapshot.Plans[i].Name != other._snapshot.Plans[i].Name)
                return false;
        }

        return true;
    }

    private bool TryFindStatic(in SubscriberKey key, out ushort plan)
    {
        plan = 0;
        if (_static.IsEmpty || !_static.TryFind(key.Kind, key.High, key.Low, out plan))
            return false;
        if (plan >= _snapshot.Plans.Length)
            plan = PlanNumber.Refused;
        return true;
    }

    private void TakePolicy(int slot)
    {
        ref PlanLimits limits = ref Limits[PlanNumber.OfSlot(slot)];
        limits = default;
        _versions[slot] = 0;
        if (!_policies!.TryRead(slot, out PolicyRecord policy) || !TryBase(policy.Plan, out ushort plan))
            return;
        int pool = policy.Has(PolicyOverrides.Pool) ? PoolOf(policy.Pool) : PlanLimits.NoPool;
        if (pool == PlanLimits.NoPool && policy.Has(PolicyOverrides.Pool))
            return;
        limits = new PlanLimits(Limits[plan], policy, pool, _snapshot.Settings);
        _versions[slot] = policy.Version;
    }

    private bool TryBase(in PolicyName name, out ushort plan)
    {
        if (!name.IsEmpty)
            return _byName.TryGetValue(name, out plan);
        plan = (ushort)_snapshot.Settings.DefaultPlan;
        return plan < _snapshot.Plans.Length;
    }

    // Few pools, and seldom asked for: by comparing each.
    private int PoolOf(in PolicyName name)
    {
        for (int i = 0; i < _snapshot.Pools.Length; i++)
        {
            if (PolicyName.TryPack(_snapshot.Pools[i].Name, out PolicyName packed) && packed.Equals(name))
                return i;
        }

        return PlanLimits.NoPool;
    }
}
