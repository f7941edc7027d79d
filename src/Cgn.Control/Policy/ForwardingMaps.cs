using System;
using System.Collections.Generic;
using System.Linq;
using Cgn.Contract.Records;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

namespace Cgn.Control.Policy;

/// <summary>Puts what a server says of static mappings into those of a subscriber (RFC 8045 §3.1.3).</summary>
internal static class ForwardingMaps
{
    private static readonly StaticProtocol[] s_all = [StaticProtocol.Tcp, StaticProtocol.Udp];

    /// <summary>Makes the static mappings of a subscriber.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="maps">What was said; each names its external address.</param>
    /// <param name="made">The mappings; one that was said twice is there once.</param>
    /// <returns>Null, or why there are none.</returns>
    public static string? TryMake(
        SubscriberIdentity who, IReadOnlyList<IpPortForwardingMap> maps, out IReadOnlyList<StaticMappingSection> made)
    {
        List<StaticMappingSection> all = [];
        made = all;
        foreach (IpPortForwardingMap map in maps)
        {
            if (Fault(who, map) is { } fault)
                return "IP-Port-Forwarding-Map: " + fault;
            foreach (StaticProtocol protocol in Protocols(map.Protocol))
            {
                StaticMappingSection one = StaticMappingSection.Of(
                    Match(who), protocol, new Ipv4Endpoint(map.InternalIpv4!.Value, map.InternalPort),
                    new Ipv4Endpoint(map.External!.Value, map.ExternalPort));
                if (!all.Exists(one.IsSameAs))
                    all.Add(one);
            }
        }

        return null;
    }

    private static string? Fault(SubscriberIdentity who, IpPortForwardingMap map)
    {
        bool isSoftwire = who.Kind == SubscriberKind.DsLite;
        if (Protocols(map.Protocol).Length == 0)
        {
            return $"protocol {map.Protocol} has no static mappings; TCP, UDP or ICMP, or no IP-Port-Type for both of "
                + "the first, would be right";
        }

        if (map.InternalIpv4 is null)
            return "IP-Port-Int-IPv4-Addr is missing; what is translated here is IPv4, of DS-Lite behind the B4";
        if (map.InternalIpv6 is { } host && !(isSoftwire && who.Prefix.Contains(host)))
        {
            return isSoftwire ? $"IP-Port-Int-IPv6-Addr {host} is not in {who.Prefix}, the subscriber's own"
                : $"IP-Port-Int-IPv6-Addr {host} is not translated here";
        }

        if (isSoftwire && Softwire(map.LocalId) is { } other && !who.Prefix.Contains(other))
            return $"IP-Port-Local-Id {map.LocalId} is not in {who.Prefix}, the subscriber's own";
        return map.External is not null ? null
            : "IP-Port-Ext-IPv4-Addr is missing, and the subscriber has no address yet that could be meant; it is "
                + "needed where a pool has several addresses";
    }

    // Whose softwire it is; any other name says nothing that the session does not.
    private static Ipv6Address? Softwire(string? localId) =>
        localId is not null && Ipv6Address.TryParse(localId.Split('/')[0], out Ipv6Address address) ? address : null;

    private static StaticProtocol[] Protocols(byte? protocol) => (IpProtocol?)protocol switch
    {
        null => s_all,
        IpProtocol.Tcp => [StaticProtocol.Tcp],
        IpProtocol.Udp => [StaticProtocol.Udp],
        IpProtocol.Icmp => [StaticProtocol.Icmp],
        _ => [],
    };

    private static SubscriberMatch Match(SubscriberIdentity who) => who.Kind == SubscriberKind.DsLite
        ? new SubscriberMatch(true, who.Prefix.Address.High, who.Prefix.Address.Low, who.Prefix.Length)
        : new SubscriberMatch(false, 0, who.Ipv4.Value, Ipv4Prefix.LengthMax);
}
