using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

using Cgn.Control.Radius.Packets;
using Cgn.Wire;

namespace Cgn.Control.Radius.Ports;

/// <summary>A static mapping of a subscriber (RFC 8045 §3.1.3).</summary>
/// <param name="InternalPort">Port of the host.</param>
/// <param name="ExternalPort">External port.</param>
/// <param name="InternalIpv4">The host; of DS-Lite its address behind the B4.</param>
/// <param name="InternalIpv6">The host where the inside is IPv6; of DS-Lite perhaps the B4.</param>
/// <param name="External">External address; null for the subscriber's own.</param>
/// <param name="Protocol">Protocol, as in the IPv4 header; null for all that have ports.</param>
/// <param name="LocalId">Who among hosts with the same internal addresses.</param>
public sealed record IpPortForwardingMap(
    ushort InternalPort, ushort ExternalPort, Ipv4Address? InternalIpv4, Ipv6Address? InternalIpv6 = null,
    Ipv4Address? External = null, byte? Protocol = null, string? LocalId = null)
{
    /// <summary>No mapping at all: both ports are 0, which is none. By this a change takes away all that a session has
    /// (RFC 5176 §3.6: what a change leaves out stays, so it has to name something).</summary>
    public bool IsNone => InternalPort == 0 && ExternalPort == 0;

    /// <summary>The attribute's value.</summary>
    /// <exception cref="InvalidOperationException">The host's address is missing, or the protocol has no ports.
    /// </exception>
    public byte[] Encode()
    {
        if ((InternalIpv4 is null && InternalIpv6 is null && !IsNone)
            || (Protocol is { } has && !PortTlvSet.HasPorts(has)))
        {
            throw new InvalidOperationException("a static mapping has a host, and a protocol with ports");
        }

        List<byte> value = [];
        if (Protocol is { } protocol)
            PortTlvSet.Add(value, PortTlv.PortType, protocol);
        if (External is { } external)
            PortTlvSet.Add(value, PortTlv.ExternalIpv4, external.Value);
        if (InternalIpv4 is { } ipv4)
            PortTlvSet.Add(value, PortTlv.InternalIpv4, ipv4.Value);
        if (InternalIpv6 is { } ipv6)
            PortTlvSet.Add(value, PortTlv.InternalIpv6, ipv6);
        PortTlvSet.Add(value, PortTlv.InternalPort, InternalPort);
        PortTlvSet.Add(value, PortTlv.ExternalPort, ExternalPort);
        if (!string.IsNullOrEmpty(LocalId))
            PortTlvSet.Add(value, PortTlv.LocalId, LocalId);
        return [.. value];
    }

    /// <summary>Reads an attribute.</summary>
    /// <param name="attribute">One of type <see cref="AttributeType.IpPortForwardingMap"/>.</param>
    /// <param name="map">What it says, or null.</param>
    /// <returns>False when a port or the host is missing, or what is there is not right. Where both ports are 0 no host
    /// is needed.</returns>
    public static bool TryDecode(RadiusAttribute attribute, [NotNullWhen(true)] out IpPortForwardingMap? map)
    {
        map = null;
        if (PortTlvSet.Read(attribute.Value.Span) is not { } parts
            || !parts.TryProtocol(out byte? protocol)
            || !parts.TryPort(PortTlv.InternalPort, out ushort? inside)
            || !parts.TryPort(PortTlv.ExternalPort, out ushort? outside)
            || inside is null || outside is null || (inside == 0) != (outside == 0))
        {
            return false;
        }

        Ipv4Address? ipv4 = parts.Ipv4(PortTlv.InternalIpv4);
        Ipv6Address? ipv6 = parts.Ipv6();
        if (ipv4 is null && ipv6 is null && inside != 0)
            return false;
        map = new IpPortForwardingMap(
            inside.Value, outside.Value, ipv4, ipv6, parts.Ipv4(PortTlv.ExternalIpv4), protocol, parts.LocalId());
        return true;
    }
}
