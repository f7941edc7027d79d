using System.Runtime.InteropServices;

namespace Cgn.Nat;

/// <summary>
/// The endpoints of a packet as a session sees them: the local one is internal outbound and external inbound. 16 bytes,
/// host order, in the order in which a session's record holds them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct FlowKey
{
    /// <summary>Address of the peer.</summary>
    public uint RemoteAddress;

    /// <summary>Port of the peer; 0 for ICMP queries and for protocols without ports.</summary>
    public ushort RemotePort;

    /// <summary>
    /// Local port; the identifier of an ICMP query; 0 for protocols without ports. Internal outbound, external inbound.
    /// </summary>
    public ushort InternalPort;

    /// <summary>Local address: internal outbound, external inbound.</summary>
    public uint InternalAddress;

    /// <summary>Transport protocol, as in the IPv4 header.</summary>
    public byte Protocol;
}
