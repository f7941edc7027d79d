using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

using Cgn.Control.Radius.Packets;
using Cgn.Wire;

namespace Cgn.Control.Radius.Ports;

/// <summary>How many external ports a subscriber may have (RFC 8045 §3.1.1).</summary>
/// <param name="Limit">Ports, 0 to 4,294,967,295.</param>
/// <param name="Protocol">Of one protocol, as in the IPv4 header; null for all together.</param>
/// <param name="External">Of one external address; null for all.</param>
public sealed record IpPortLimitInfo(uint Limit, byte? Protocol = null, Ipv4Address? External = null)
{
    /// <summary>The attribute's value.</summary>
    /// <exception cref="InvalidOperationException">The protocol has no ports.</exception>
    public byte[] Encode()
    {
        List<byte> value = [];
        if (Protocol is { } protocol)
        {
            if (!PortTlvSet.HasPorts(protocol))
                throw new InvalidOperationException($"protocol {protocol} has no ports");
            PortTlvSet.Add(value, PortTlv.PortType, protocol);
        }

        PortTlvSet.Add(value, PortTlv.Limit, Limit);
        if (External is { } external)
            PortTlvSet.Add(value, PortTlv.ExternalIpv4, external.Value);
        return [.. value];
    }

    /// <summary>Reads an attribute.</summary>
    /// <param name="attribute">One of type <see cref="AttributeType.IpPortLimitInfo"/>.</param>
    /// <param name="info">What it says, or null.</param>
    /// <returns>False when it has no limit, or what it has is not right.</returns>
    public static bool TryDecode(RadiusAttribute attribute, [NotNullWhen(true)] out IpPortLimitInfo? info)
    {
        info = null;
        if (PortTlvSet.Read(attribute.Value.Span) is not { } parts || !parts.TryProtocol(out byte? protocol))
            return false;
        if (parts.Number(PortTlv.Limit) is { } limit)
            info = new IpPortLimitInfo(limit, protocol, parts.Ipv4(PortTlv.ExternalIpv4));
        return info is not null;
    }
}
