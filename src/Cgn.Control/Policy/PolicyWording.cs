using System;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

namespace Cgn.Control.Policy;

/// <summary>Puts what a server has said into what the forwarder follows.</summary>
internal static class PolicyWording
{
    /// <summary>Makes the record of a policy.</summary>
    /// <param name="policy">What was said.</param>
    /// <param name="snapshot">The configuration in force.</param>
    /// <param name="record">The record.</param>
    /// <returns>
    /// False when the gateway can't do all of it: a plan or pool that there is not, a limit on ports of one external
    /// address or of a protocol without a quota of its own, or, in deterministic mode, a pool. Static mappings are no
    /// part of it.
    /// </returns>
    public static bool TryPut(SubscriberPolicy policy, ConfigSnapshot snapshot, out PolicyRecord record)
    {
        record = default;
        bool isKnown = policy.Plan is null
            ? (uint)snapshot.Settings.DefaultPlan < (uint)snapshot.Plans.Length
            : Array.Exists(snapshot.Plans, plan => plan.Name == policy.Plan);
        return isKnown
            && PolicyName.TryPack(policy.Plan ?? "", out record.Plan)
            && TryPutPool(policy.Pool, snapshot, ref record)
            && policy.PortLimits.All(static limit => limit.External is null)
            && TryPutLimits(policy, ref record)
            && PutRates(policy, ref record);
    }

    private static bool TryPutPool(string? name, ConfigSnapshot snapshot, ref PolicyRecord record)
    {
        if (name is null)
            return true;
        record.Overrides |= PolicyOverrides.Pool;
        return snapshot.Settings.PortAllocation != PortAllocationType.Deterministic
            && Array.Exists(snapshot.Pools, pool => pool.Name == name) && PolicyName.TryPack(name, out record.Pool);
    }

    private static bool TryPutLimits(SubscriberPolicy policy, ref PolicyRecord record)
    {
        foreach (IpPortLimitInfo limit in policy.PortLimits)
        {
            switch ((IpProtocol?)limit.Protocol)
            {
                case null:
                    Lower(ref record, PolicyOverrides.PortLimit, ref record.PortLimit, limit.Limit);
                    break;
                case IpProtocol.Tcp:
                    Lower(ref record, PolicyOverrides.PortQuotaTcp, ref record.PortQuotaTcp, limit.Limit);
                    break;
                case IpProtocol.Udp:
                    Lower(ref record, PolicyOverrides.PortQuotaUdp, ref record.PortQuotaUdp, limit.Limit);
                    break;
                case IpProtocol.Icmp:
                    Lower(ref record, PolicyOverrides.PortQuotaIcmp, ref record.PortQuotaIcmp, limit.Limit);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    // Of two limits on the same the lower one keeps both.
    private static void Lower(ref PolicyRecord record, PolicyOverrides what, ref uint place, uint limit)
    {
        place = record.Has(what) ? Math.Min(place, limit) : limit;
        record.Overrides |= what;
    }

    private static bool PutRates(SubscriberPolicy policy, ref PolicyRecord record)
    {
        if (policy.RateUp is { } up)
        {
            record.RateUp = up;
            record.Overrides |= PolicyOverrides.RateUp;
        }

        if (policy.RateDown is { } down)
        {
            record.RateDown = down;
            record.Overrides |= PolicyOverrides.RateDown;
        }

        return true;
    }
}
