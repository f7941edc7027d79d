using System;

namespace Cgn.Ports.Tests.Support;

/// <summary>
/// Two namespaces joined by a cable: "box" with device <c>box0</c>, where the gateway runs, and "far" with <c>far0</c>.
/// </summary>
internal sealed class VethPair : IDisposable
{
    internal const string BoxDevice = "box0";
    internal const string FarDevice = "far0";
    internal static readonly byte[] BoxMac = [2, 0, 0, 0, 0xB0, 0];
    internal static readonly byte[] FarMac = [2, 0, 0, 0, 0xFA, 0];

    internal VethPair(int queues = 1)
    {
        Box = NetworkNamespace.Make();
        Far = NetworkNamespace.Make();
        Box.Ip($"link add {BoxDevice} address 02:00:00:00:b0:00 numrxqueues {queues} numtxqueues {queues} type veth "
            + $"peer name {FarDevice} address 02:00:00:00:fa:00 numrxqueues {queues} numtxqueues {queues} "
            + $"netns {Far.Name}");
        Box.Execute("sysctl -qw net.ipv6.conf.box0.accept_dad=0");
        Far.Execute("sysctl -qw net.ipv6.conf.far0.accept_dad=0");
        Box.Ip($"link set {BoxDevice} up");
        Far.Ip($"link set {FarDevice} up");
        // The far kernel would leave checksums to a network card that doesn't exist.
        NetworkNamespace.Try("ip", $"netns exec {Far.Name} ethtool -K {FarDevice} tx off");
        NetworkNamespace.Try("ip", $"netns exec {Box.Name} ethtool -K {BoxDevice} tx off");
    }

    internal NetworkNamespace Box { get; }

    internal NetworkNamespace Far { get; }

    public void Dispose()
    {
        Box.Dispose();
        Far.Dispose();
    }
}
