using System;
using System.Collections.Generic;

using Cgn.Contract.Records;

namespace Cgn.Control.Policy;

/// <summary>
/// Which slot of a <see cref="PolicyTable"/> grants what. Many subscribers share few policies, so each stands there
/// once; what nobody has any more is found when slots run out.
/// </summary>
internal sealed class PolicySlots
{
    private readonly PolicyTable _table;
    private readonly Dictionary<PolicyRecord, int> _slots = new(new SameGrant());
    private readonly Stack<int> _free = [];

    /// <summary>Takes over what an earlier control plane has written.</summary>
    public PolicySlots(PolicyTable table)
    {
        _table = table;
        for (int slot = PlanNumber.GrantedMax - 1; slot >= 0; slot--)
        {
            if (!table.TryRead(slot, out PolicyRecord policy) || !_slots.TryAdd(policy, slot))
                _free.Push(slot);
        }
    }

    /// <summary>Policies that stand there.</summary>
    public int Count => _slots.Count;

    /// <summary>The slot of a policy, which is written where it is a new one.</summary>
    /// <param name="policy">What is granted.</param>
    /// <param name="used">
    /// Asked when none is free: which slots subscribers have, or commands on their way name.
    /// </param>
    /// <param name="slot">The slot.</param>
    /// <returns>False when all are in use.</returns>
    public bool TryTake(in PolicyRecord policy, Func<IReadOnlySet<int>> used, out int slot)
    {
        if (_slots.TryGetValue(policy, out slot))
            return true;
        if (_free.Count == 0)
            Reclaim(used());
        if (!_free.TryPop(out slot))
            return false;
        _table.Write(slot, policy);
        _slots.Add(policy, slot);
        return true;
    }

    private void Reclaim(IReadOnlySet<int> used)
    {
        List<PolicyRecord> gone = [];
        foreach ((PolicyRecord policy, int slot) in _slots)
        {
            if (!used.Contains(slot))
                gone.Add(policy);
        }

        foreach (PolicyRecord policy in gone)
        {
            _slots.Remove(policy, out int slot);
            _table.Free(slot);
            _free.Push(slot);
        }
    }

    private sealed class SameGrant : IEqualityComparer<PolicyRecord>
    {
        public bool Equals(PolicyRecord x, PolicyRecord y) => x.GrantsSame(y);

        public int GetHashCode(PolicyRecord obj) => HashCode.Combine(
            obj.RateUp, obj.RateDown, obj.PortLimit, obj.PortQuotaTcp, obj.PortQuotaUdp, obj.Overrides, obj.Plan,
            obj.Pool);
    }
}
