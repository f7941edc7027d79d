using System;

using Cgn.Contract.Pools;
using Cgn.Contract.Settings;

namespace Cgn.Nat;

/// <summary>The plans of a snapshot, and which subscriber has which.</summary>
internal sealed class PlanTable
{
    private readonly PrefixTable<ushort> _static = new();
    private readonly ushort _default;
    private readonly ConfigSnapshot _snapshot;

    internal PlanTable(ConfigSnapshot snapshot)
    {
        _snapshot = snapshot;
        Refused = (ushort)snapshot.Plans.Length;
        // One more than there are plans: that of subscribers who were let in once and no longer are.
        Limits = new PlanLimits[snapshot.Plans.Length + 1];
        for (int i = 0; i < snapshot.Plans.Length; i++)
        {
            Limits[i] = new PlanLimits(snapshot.Plans[i], snapshot.Settings);
            HasGardens |= Limits[i].IsGarden;
        }

        int byDefault = snapshot.Settings.DefaultPlan;
        _default = (uint)byDefault < Refused ? (ushort)byDefault : Refused;
        foreach (StaticSubscriber subscriber in snapshot.StaticSubscribers)
            _static.Put(subscriber.Prefix, subscriber.Plan);
    }

    /// <summary>Limits by number of plan; the last stands for refusal.</summary>
    internal PlanLimits[] Limits { get; }

    /// <summary>The number that stands for refusal.</summary>
    internal ushort Refused { get; }

    /// <summary>There is a plan whose subscribers are in the walled garden.</summary>
    internal bool HasGardens { get; }

    /// <summary>The plan of a subscriber: that of the longest prefix that names it, else the default.</summary>
    internal ushort Find(in SubscriberKey key) =>
        _static.IsEmpty || !_static.TryFind(key.Kind, key.High, key.Low, out ushort plan) ? _default
        : plan < Refused ? plan
        : Refused;

    /// <summary>Both tables give every subscriber the same number.</summary>
    internal bool GivesSame(PlanTable other) =>
        _default == other._default && Refused == other.Refused
        && _snapshot.StaticSubscribers.AsSpan().SequenceEqual(other._snapshot.StaticSubscribers);

    internal static ulong LeadingOnes(int bits) =>
        bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - bits);
}
