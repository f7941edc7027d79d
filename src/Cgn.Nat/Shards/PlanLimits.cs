using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Rates;

namespace Cgn.Nat;

/// <summary>A plan in the units that the shard counts in.</summary>
internal readonly struct PlanLimits
{
    /// <summary>No pool of its own.</summary>
    internal const int NoPool = -1;

    private const long SecondNs = 1_000_000_000;

    /// <summary>Cost of a byte towards the Internet, as RateBucket counts it.</summary>
    internal readonly long UpCost;

    /// <summary>Cost of a byte towards the subscriber, as RateBucket counts it.</summary>
    internal readonly long DownCost;

    /// <summary>
    /// What the bucket towards the Internet holds, in nanoseconds. In the walled garden nothing, so that each packet
    /// has to be asked where it goes; then the depth is <see cref="GardenUpDepthNs"/>.
    /// </summary>
    internal readonly long UpDepthNs;

    /// <summary>The same of the bucket towards the subscriber.</summary>
    internal readonly long DownDepthNs;

    /// <summary>Cost of a new session, in nanoseconds.</summary>
    internal readonly long SetupCostNs;

    /// <summary>Sessions a subscriber may have.</summary>
    internal readonly uint SessionsMax;

    /// <summary>Port blocks a subscriber may have; 0 refuses the subscriber.</summary>
    internal readonly int BlocksMax;

    /// <summary>What the bucket of new sessions holds, in nanoseconds.</summary>
    internal readonly long SetupDepthNs;

    /// <summary>Ports a subscriber may have in use, all protocols together.</summary>
    internal readonly uint PortsMax;

    /// <summary>Mappings a subscriber may have, held ones included.</summary>
    internal readonly uint MappingsMax;

    /// <summary>Ports that its subscribers never get.</summary>
    internal readonly PortRangeSetting[] ReservedPorts;

    // Records count to 65,535, so that is the limit where there is no other.
    private readonly ushort _udpMax;
    private readonly ushort _tcpMax;
    private readonly ushort _icmpMax;
    private readonly ushort _otherMax;

    /// <summary>Application gateways for the subscriber.</summary>
    internal readonly ApplicationGateways Gateways;

    /// <summary>Number of the configuration's plan, or of the one that a granted policy is made of.</summary>
    internal readonly ushort Number;

    /// <summary>Number of the pool that was granted in place of the plan's, or <see cref="NoPool"/>.</summary>
    internal readonly int GrantedPool;

    /// <summary>Ports in use at which the operator is told; 0 never.</summary>
    internal readonly uint PortThreshold;

    /// <summary>The same of sessions.</summary>
    internal readonly uint SessionThreshold;

    /// <summary>Its subscribers are in the walled garden.</summary>
    internal readonly bool IsGarden;

    /// <summary>What the bucket towards the Internet holds for what the garden allows, in nanoseconds.</summary>
    internal readonly long GardenUpDepthNs;

    /// <summary>The same of the bucket towards the subscriber.</summary>
    internal readonly long GardenDownDepthNs;

    private readonly long _burstNs;

    /// <summary>The limits of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="number">Its number.</param>
    /// <param name="settings">Of the same configuration.</param>
    internal PlanLimits(PlanSettings plan, ushort number, GatewaySettings settings)
    {
        Number = number;
        GrantedPool = NoPool;
        PortThreshold = plan.PortThreshold;
        SessionThreshold = plan.SessionThreshold;
        IsGarden = plan.WalledGarden;
        _burstNs = plan.BurstMs * 1_000_000L;
        (UpCost, GardenUpDepthNs) = Rate(plan.RateUp, _burstNs, settings);
        (DownCost, GardenDownDepthNs) = Rate(plan.RateDown, _burstNs, settings);
        UpDepthNs = IsGarden ? -1 : GardenUpDepthNs;
        DownDepthNs = IsGarden ? -1 : GardenDownDepthNs;
        SetupCostNs = RateBucket.CostPerUnit(plan.ConnectionRateLimit) >> RateBucket.CostShift;
        SessionsMax = plan.ConnectionLimit == 0 ? uint.MaxValue : plan.ConnectionLimit;
        BlocksMax = plan.MaxPortSets;
        SetupDepthNs = plan.ConnectionRateBurst == 0 ? SecondNs : SetupCostNs * plan.ConnectionRateBurst;
        PortsMax = plan.PortLimit == 0 ? uint.MaxValue : plan.PortLimit;
        MappingsMax = plan.MappingLimit == 0 ? uint.MaxValue : plan.MappingLimit;
        ReservedPorts = plan.ReservedPorts;
        _udpMax = Quota(plan.PortQuotaUdp);
        _tcpMax = Quota(plan.PortQuotaTcp);
        _icmpMax = Quota(plan.PortQuotaIcmp);
        _otherMax = Quota(plan.PortQuotaOther);
        Gateways = plan.Gateways;
    }

    /// <summary>The limits of a policy that was granted on top of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="policy">What differs from it.</param>
    /// <param name="pool">Number of the pool that it names, or <see cref="NoPool"/>.</param>
    /// <param name="settings">Of the plan's configuration.</param>
    internal PlanLimits(in PlanLimits plan, in PolicyRecord policy, int pool, GatewaySettings settings)
    {
        this = plan;
        GrantedPool = pool;
        if (policy.Has(PolicyOverrides.RateUp))
            (UpCost, GardenUpDepthNs) = Rate(policy.RateUp, _burstNs, settings);
        if (policy.Has(PolicyOverrides.RateDown))
            (DownCost, GardenDownDepthNs) = Rate(policy.RateDown, _burstNs, settings);
        UpDepthNs = IsGarden ? -1 : GardenUpDepthNs;
        DownDepthNs = IsGarden ? -1 : GardenDownDepthNs;
        if (policy.Has(PolicyOverrides.PortLimit))
            PortsMax = policy.PortLimit;
        if (policy.Has(PolicyOverrides.PortQuotaTcp))
            _tcpMax = (ushort)Math.Min(policy.PortQuotaTcp, ushort.MaxValue);
        if (policy.Has(PolicyOverrides.PortQuotaUdp))
            _udpMax = (ushort)Math.Min(policy.PortQuotaUdp, ushort.MaxValue);
        if (policy.Has(PolicyOverrides.PortQuotaIcmp))
            _icmpMax = (ushort)Math.Min(policy.PortQuotaIcmp, ushort.MaxValue);
    }

    /// <summary>Ports that a subscriber may have in use of a protocol.</summary>
    internal ushort PortsMaxOf(byte protocol) => NatProtocol.Class(protocol) switch
    {
        0 => _udpMax,
        1 => _tcpMax,
        2 => _icmpMax,
        _ => _otherMax,
    };

    // What a byte costs and what the bucket holds: one that does not hold two packets would never let one of them
    // through at a low rate.
    private static (long Cost, long DepthNs) Rate(ulong bitsPerSecond, long burstNs, in GatewaySettings settings)
    {
        long bytesMin = 2L * Math.Max(settings.InsideMtu, settings.OutsideMtu);
        long cost = RateBucket.CostPerUnit(bitsPerSecond / 8.0);
        return (cost, cost == 0 ? RateBucket.Unlimited : Math.Max(burstNs, (cost * bytesMin) >> RateBucket.CostShift));
    }

    private static ushort Quota(uint quota) =>
        quota == 0 ? ushort.MaxValue : (ushort)Math.Min(quota, ushort.MaxValue);
}
