using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Application gateways: each once, no port with two of them.</summary>
internal static class AlgChecks
{
    public static void Run(NatPolicySection policy, FaultList faults)
    {
        var seen = new Dictionary<AlgName, AlgSection>();
        foreach (AlgSection alg in policy.Algs)
        {
            if (!alg.IsWhole)
                continue;
            if (!seen.TryAdd(alg.Name, alg))
            {
                faults.Error(
                    alg.PlaceOf(nameof(alg.Name)),
                    $"algs {Text(alg.Name)} stands on line {seen[alg.Name].Place.Line} already; one is right");
            }

            if (alg.Ports.Count > GatewayPort.PortsMax)
            {
                faults.Error(
                    alg.PlaceOf(nameof(alg.Ports)),
                    $"algs {Text(alg.Name)} has {alg.Ports.Count} ports; "
                    + $"at most {GatewayPort.PortsMax} would be right");
            }

            Shared(alg, policy, faults);
        }
    }

    private static void Shared(AlgSection alg, NatPolicySection policy, FaultList faults)
    {
        foreach (AlgName other in Enum.GetValues<AlgName>())
        {
            if (other == alg.Name || !AlgCompiler.Meet(alg.Name, other))
                continue;
            foreach (int port in alg.Ports.Intersect(AlgCompiler.PortsOf(policy, other)))
            {
                faults.Error(
                    alg.PlaceOf(nameof(alg.Ports)),
                    $"algs {Text(alg.Name)} has port {port}, and so has {Text(other)}; another port would be right");
            }
        }
    }

    private static string Text(AlgName name) => name.ToString().ToLowerInvariant();
}
