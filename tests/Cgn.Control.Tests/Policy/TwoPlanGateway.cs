namespace Cgn.Control.Tests.Policy;

/// <summary>A gateway of two plans without RADIUS, and a customer of it.</summary>
internal static class TwoPlanGateway
{
    /// <summary>A customer of NAT444.</summary>
    internal const string Customer = "100.64.0.7";

    /// <summary>A gateway whose default plan is home, and which names some customers with the plan fast.</summary>
    internal const string TwoPlans = """
        gateway: { name: t, workers: 2, seed: 7, capacity: { subscribers: 20000, mappings: 40000, sessions: 40000 } }
        interfaces: { inside: { device: in0 }, outside: { device: out0 } }
        nat444: { subscriber-match: [100.64.0.0/10] }
        external-ip-address-pools: [{ id: one, external-ip-pool: [203.0.113.0/24], port-set-size: 64 }]
        plans: [{ id: home }, { id: fast }]
        subscribers: { default-plan: home, static: [{ match: 100.64.200.0/24, plan: fast }] }
        """;
}
