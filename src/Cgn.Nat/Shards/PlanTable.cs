using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Nat;

/// <summary>The plans of a snapshot, and which subscriber has which.</summary>
internal sealed class PlanTable
{
    private const ulong MappedIpv4 = 0x0000FFFF00000000;

    private readonly Dictionary<(ulong High, ulong Low, int Length), ushort> _static = [];
    private readonly List<int> _lengths = [];
    private readonly ushort _default;

    internal PlanTable(ConfigSnapshot snapshot)
    {
        Refused = (ushort)snapshot.Plans.Length;
        // One more than there are plans: that of subscribers who were let in once and no longer are.
        Limits = new PlanLimits[snapshot.Plans.Length + 1];
        for (int i = 0; i < snapshot.Plans.Length; i++)
            Limits[i] = new PlanLimits(snapshot.Plans[i], snapshot.Settings);
        int byDefault = snapshot.Settings.DefaultPlan;
        _default = (uint)byDefault < Refused ? (ushort)byDefault : Refused;
        foreach (StaticSubscriber subscriber in snapshot.StaticSubscribers)
        {
            Ipv6PrefixSetting prefix = subscriber.Prefix;
            _static[Masked(prefix.High, prefix.Low, prefix.Length)] = subscriber.Plan;
            if (!_lengths.Contains(prefix.Length))
                _lengths.Add(prefix.Length);
        }

        _lengths.Sort((left, right) => right.CompareTo(left));
    }

    /// <summary>Limits by number of plan; the last stands for refusal.</summary>
    internal PlanLimits[] Limits { get; }

    /// <summary>The number that stands for refusal.</summary>
    internal ushort Refused { get; }

    /// <summary>The plan of a subscriber: that of the longest prefix that names it, else the default.</summary>
    internal ushort Find(in SubscriberKey key)
    {
        ulong low = key.Kind == SubscriberKind.Nat444 ? key.Low | MappedIpv4 : key.Low;
        foreach (int length in _lengths)
        {
            if (_static.TryGetValue(Masked(key.High, low, length), out ushort plan))
                return plan < Refused ? plan : Refused;
        }

        return _default;
    }

    private static (ulong High, ulong Low, int Length) Masked(ulong high, ulong low, int length) =>
        (high & LeadingOnes(length), low & LeadingOnes(length - 64), length);

    internal static ulong LeadingOnes(int bits) =>
        bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - bits);
}
