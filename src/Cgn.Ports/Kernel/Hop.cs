using System;

namespace Cgn.Ports.Kernel;

/// <summary>One way that a route goes.</summary>
/// <param name="Device">Number of the egress device.</param>
/// <param name="Gateway">The router's address; 0 when the destination itself is on the link.</param>
/// <param name="GatewayIsIpv6">Family of the gateway, which may differ from the packet's (RFC 8950).</param>
internal readonly record struct Hop(int Device, UInt128 Gateway, bool GatewayIsIpv6)
{
    internal bool IsOnLink => Gateway == UInt128.Zero;
}
