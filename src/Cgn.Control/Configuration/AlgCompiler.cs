using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;
using Cgn.Wire;

namespace Cgn.Control.Configuration;

/// <summary>Makes sets and ports of the names of application gateways.</summary>
internal static class AlgCompiler
{
    private static readonly (AlgName Name, int Port, IpProtocol[] Protocols)[] s_registered =
    [
        (AlgName.Ftp, 21, [IpProtocol.Tcp]),
        (AlgName.Sip, 5060, [IpProtocol.Udp, IpProtocol.Tcp]),
        (AlgName.Rtsp, 554, [IpProtocol.Tcp]),
        (AlgName.Pptp, 1723, [IpProtocol.Tcp]),
        (AlgName.Tftp, 69, [IpProtocol.Udp]),
    ];

    /// <summary>Where each gateway listens in, those that are off included: a plan may have them on.</summary>
    public static GatewayPort[] Ports(NatPolicySection policy) =>
    [
        .. from known in s_registered
           from port in PortsOf(policy, known.Name, known.Port)
           from protocol in known.Protocols
           select new GatewayPort(Bit(known.Name), (byte)protocol, (ushort)port),
    ];

    /// <summary>What the subscribers of a plan have.</summary>
    public static ApplicationGateways Of(PlanSection plan, NatPolicySection policy)
    {
        IEnumerable<AlgName> names = plan.Algs
            ?? (policy.AllAlgsEnable
                ? s_registered.Select(static known => known.Name)
                : policy.Algs.Where(static alg => alg.Status).Select(static alg => alg.Name));
        return names.Aggregate(ApplicationGateways.None, static (all, name) => all | Bit(name));
    }

    /// <summary>The ports of a gateway and its protocols, for checks.</summary>
    public static IEnumerable<int> PortsOf(NatPolicySection policy, AlgName name) =>
        PortsOf(policy, name, s_registered[(int)name].Port);

    /// <summary>Whether two gateways share a transport protocol.</summary>
    public static bool Meet(AlgName one, AlgName other) =>
        s_registered[(int)one].Protocols.Intersect(s_registered[(int)other].Protocols).Any();

    private static IEnumerable<int> PortsOf(NatPolicySection policy, AlgName name, int registered) =>
        policy.Algs.FirstOrDefault(alg => alg.Name == name) is { Ports.Count: not 0 } section
            ? section.Ports
            : [registered];

    private static ApplicationGateways Bit(AlgName name) => (ApplicationGateways)(1 << (int)name);
}
