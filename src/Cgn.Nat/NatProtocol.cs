using System.Runtime.CompilerServices;

using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Nat;

/// <summary>What translation needs to know of a transport protocol.</summary>
public static class NatProtocol
{
    // Bit n of word n / 64 is set for the protocols that are translated by a port or identifier.
    private const ulong PortsLow =
        (1UL << (int)IpProtocol.Icmp) | (1UL << (int)IpProtocol.Tcp) | (1UL << (int)IpProtocol.Udp)
        | (1UL << (int)IpProtocol.Dccp);

    // Two bits a protocol, up to UDP.
    private const ulong Classes =
        ((1UL << (((int)IpProtocol.Udp + 1) * 2)) - 1) & ~((3UL << ((int)IpProtocol.Udp * 2))
        | (2UL << ((int)IpProtocol.Tcp * 2)) | (1UL << ((int)IpProtocol.Icmp * 2)));

    /// <summary>
    /// It is translated by a port or query identifier: TCP, UDP, UDP-Lite, DCCP, ICMP. Any other is carried by its
    /// addresses alone, but for GRE to a call identifier that an explicit mapping stands for.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasPorts(byte protocol) =>
        protocol < 64 ? ((PortsLow >> protocol) & 1) != 0 : protocol == (byte)IpProtocol.UdpLite;

    /// <summary>The state in which a session of a protocol begins, TCP's from inside.</summary>
    public static SessionState InitialState(byte protocol) => (IpProtocol)protocol switch
    {
        IpProtocol.Tcp => SessionState.TcpInitInside,
        IpProtocol.Udp or IpProtocol.UdpLite => SessionState.Udp,
        IpProtocol.Icmp => SessionState.IcmpQuery,
        IpProtocol.Dccp => SessionState.DccpOpening,
        _ => SessionState.AddressOnly,
    };

    /// <summary>Place of a protocol in counters that come in fours: 0 UDP, 1 TCP, 2 ICMP, 3 any other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Class(byte protocol) =>
        protocol > (byte)IpProtocol.Udp ? 3 : (int)(Classes >> (protocol * 2)) & 3;
}
