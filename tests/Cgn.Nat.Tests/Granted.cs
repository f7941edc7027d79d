using Cgn.Contract.Records;
using Cgn.Contract.Settings;

using Xunit;

namespace Cgn.Nat.Tests;

/// <summary>What the control plane does, done to a bench.</summary>
internal static class Granted
{
    /// <summary>A configuration that asks about whoever it does not name.</summary>
    internal static ConfigSnapshot Asking() => Bench.Config(static s => s with { AsksUnknown = true });

    internal static PolicyRecord Policy(string plan)
    {
        Assert.True(PolicyName.TryPack(plan, out PolicyName name));
        return new PolicyRecord { Plan = name };
    }

    internal static void Grant(Bench bench, in SubscriberKey who, int slot, in PolicyRecord policy)
    {
        bench.Policies.Write(slot, policy);
        bench.Shard.SetPlan(who, PlanNumber.OfSlot(slot), bench.Now);
    }

    internal static void Refuse(Bench bench, in SubscriberKey who)
    {
        Assert.True(bench.Shard.SetPlan(who, PlanNumber.Refused, bench.Now));
        Finish(bench);
    }

    internal static void Release(Bench bench, in SubscriberKey who)
    {
        bench.Shard.BeginRelease(who);
        Finish(bench);
    }

    private static void Finish(Bench bench)
    {
        while (bench.Shard.IsClearing)
            bench.Shard.ContinueClear(bench.Now, 7);
    }
}
