using System;

using Cgn.Contract.Settings;
using Cgn.Memory.Rates;

namespace Cgn.Nat;

/// <summary>A plan in the units that the shard counts in.</summary>
internal readonly struct PlanLimits
{
    /// <summary>Cost of a byte towards the Internet, in 1/1024 ns.</summary>
    internal readonly long UpCost;

    /// <summary>Cost of a byte towards the subscriber, in 1/1024 ns.</summary>
    internal readonly long DownCost;

    /// <summary>What the bucket towards the Internet holds, in nanoseconds.</summary>
    internal readonly long UpDepthNs;

    /// <summary>What the bucket towards the subscriber holds, in nanoseconds.</summary>
    internal readonly long DownDepthNs;

    /// <summary>Cost of a new session, in nanoseconds.</summary>
    internal readonly long SetupCostNs;

    /// <summary>Sessions a subscriber may have.</summary>
    internal readonly uint SessionsMax;

    /// <summary>Port blocks a subscriber may have; 0 refuses the subscriber.</summary>
    internal readonly int BlocksMax;

    internal PlanLimits(PlanSettings plan, GatewaySettings settings)
    {
        // A bucket that does not hold two packets would never let one of them through at a low rate.
        long bytesMin = 2L * Math.Max(settings.InsideMtu, settings.OutsideMtu);
        UpCost = RateBucket.CostPerUnit(plan.RateUp / 8.0);
        DownCost = RateBucket.CostPerUnit(plan.RateDown / 8.0);
        UpDepthNs = Math.Max(plan.BurstMs * 1_000_000L, (UpCost * bytesMin) >> RateBucket.CostShift);
        DownDepthNs = Math.Max(plan.BurstMs * 1_000_000L, (DownCost * bytesMin) >> RateBucket.CostShift);
        SetupCostNs = RateBucket.CostPerUnit(plan.ConnectionRateLimit) >> RateBucket.CostShift;
        SessionsMax = plan.ConnectionLimit == 0 ? uint.MaxValue : plan.ConnectionLimit;
        BlocksMax = plan.MaxPortSets;
    }
}
