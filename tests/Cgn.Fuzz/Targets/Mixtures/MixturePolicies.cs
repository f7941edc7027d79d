using System;

using Cgn.Contract.Commands;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Forwarder;

namespace Cgn.Fuzz.Targets.Mixtures;

/// <summary>Plans granted, refused and taken back by chance, to subscribers that there are or are not.</summary>
/// <param name="chance">What decides.</param>
internal sealed class MixturePolicies(Random chance)
{
    private const int Slots = 3;

    private static readonly string[] s_plans = ["home", "office", "none", ""];
    private static readonly string[] s_pools = ["first", "second", "none", ""];

    /// <summary>Leaves a command, after having written a policy or not.</summary>
    public void Command(SimulatedGateway gateway)
    {
        int slot = chance.Next(Slots);
        if (chance.Next(2) == 0)
            gateway.Policies.Write(slot, Policy());
        SubscriberId who = chance.Next(2) == 0
            ? new SubscriberId(SubscriberKind.Nat444, 0, 0x64400000u + (uint)chance.Next(1, 4))
            : new SubscriberId(SubscriberKind.DsLite, 0x20010DB8_01000000 + ((ulong)chance.Next(1, 4) << 8), 0);
        gateway.Command(chance.Next(4) switch
        {
            0 => ForwarderCommand.SetPlan(who, PlanNumber.Refused),
            1 => ForwarderCommand.Release(who),
            2 => ForwarderCommand.SetPlan(who, (ushort)chance.Next(ushort.MaxValue + 1)),
            _ => ForwarderCommand.SetPlan(who, PlanNumber.OfSlot(slot)),
        });
    }

    private PolicyRecord Policy()
    {
        PolicyName.TryPack(s_plans[chance.Next(s_plans.Length)], out PolicyName plan);
        PolicyName.TryPack(s_pools[chance.Next(s_pools.Length)], out PolicyName pool);
        return new PolicyRecord
        {
            Plan = plan,
            Pool = pool,
            RateUp = (ulong)chance.Next(3) * 1_000_000,
            RateDown = (ulong)chance.Next(3) * 1_000_000,
            PortLimit = (uint)chance.Next(3) * 10,
            PortQuotaTcp = (uint)chance.Next(3),
            PortQuotaUdp = (uint)chance.Next(3),
            PortQuotaIcmp = (uint)chance.Next(3),
            Overrides = (PolicyOverrides)chance.Next(128),
        };
    }
}
