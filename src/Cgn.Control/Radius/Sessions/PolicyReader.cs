using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Dhcpv6;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Wire;

namespace Cgn.Control.Radius.Sessions;

/// <summary>Makes a policy of attributes.</summary>
/// <param name="knows">There is a plan of a name, now.</param>
internal sealed class PolicyReader(Func<string, bool> knows)
{
    /// <summary>Vendor of the attributes that carry bandwidths (WISPr).</summary>
    public const uint BandwidthVendor = 14122;

    /// <summary>Bits a second towards the Internet, in the vendor's space.</summary>
    public const byte BandwidthUp = 7;

    /// <summary>Bits a second towards the subscriber.</summary>
    public const byte BandwidthDown = 8;

    private const uint ServiceFramed = 2;
    private const uint ActionAskAgain = 1;

    /// <summary>Attributes that a change of a running session may carry (RFC 5176 §3.6).</summary>
    public static bool IsChangeable(RadiusAttribute attribute) => attribute.Type switch
    {
        AttributeType.FilterId or AttributeType.FramedPool or AttributeType.SessionTimeout
            or AttributeType.IdleTimeout or AttributeType.TerminationAction or AttributeType.Class
            or AttributeType.AcctInterimInterval or AttributeType.DsLiteTunnelName
            or AttributeType.IpPortLimitInfo or AttributeType.IpPortForwardingMap => true,
        AttributeType.VendorSpecific => attribute.Vendor == BandwidthVendor
            && attribute.VendorType is BandwidthUp or BandwidthDown,
        _ => false,
    };

    /// <summary>There is a plan of a name.</summary>
    public bool Knows(string plan) => knows(plan);

    /// <summary>Reads the attributes. Those that mean nothing here are passed over (RFC 2865 §5); what is wrong with
    /// one that does makes the policy unusable, since half a policy was nobody's wish.</summary>
    /// <param name="attributes">Of an Access-Accept, or a session's with its changes.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="fault">Null, or the attribute that is not right.</param>
    /// <returns><see cref="ErrorCause.None"/>, or what is wrong with it.</returns>
    public ErrorCause Read(
        IReadOnlyList<RadiusAttribute> attributes, out SubscriberPolicy policy, out RadiusAttribute? fault)
    {
        policy = new SubscriberPolicy();
        foreach (RadiusAttribute one in attributes)
        {
            if (Take(one, policy) is { } better)
            {
                policy = better;
                continue;
            }

            fault = one;
            return one.Type == AttributeType.ServiceType
                ? ErrorCause.UnsupportedService
                : ErrorCause.InvalidAttributeValue;
        }

        fault = null;
        return ErrorCause.None;
    }

    // The policy with one attribute more, or null for an attribute that is not right.
    private SubscriberPolicy? Take(RadiusAttribute one, SubscriberPolicy policy) => one.Type switch
    {
        AttributeType.FilterId => policy.Plan is null && knows(one.Text)
            ? policy with { Plan = one.Text } : null,
        AttributeType.FramedPool => policy with { Pool = one.Text },
        AttributeType.ServiceType => one.TryInteger(out uint service) && service == ServiceFramed ? policy : null,
        AttributeType.SessionTimeout => Seconds(one) is { } span ? policy with { SessionTimeout = span } : null,
        AttributeType.IdleTimeout => Seconds(one) is { } span ? policy with { IdleTimeout = span } : null,
        AttributeType.AcctInterimInterval => Seconds(one) is { } span ? policy with { InterimInterval = span } : null,
        AttributeType.TerminationAction => one.TryInteger(out uint action) && action <= ActionAskAgain
            ? policy with { AsksAgain = action == ActionAskAgain } : null,
        AttributeType.UserName => policy with { UserName = one.Text },
        AttributeType.Class => policy with { Classes = [.. policy.Classes, one.Value] },
        AttributeType.State => policy with { State = one.Value },
        AttributeType.ChargeableUserIdentity => policy with { ChargeableUser = one.Value },
        AttributeType.DsLiteTunnelName => policy.TunnelName is null
            && DomainName.TryRead(one.Value.Span, out DomainName? name) ? policy with { TunnelName = name } : null,
        AttributeType.IpPortLimitInfo => IpPortLimitInfo.TryDecode(one, out IpPortLimitInfo? limit)
            ? policy with { PortLimits = [.. policy.PortLimits, limit] } : null,
        AttributeType.IpPortForwardingMap => IpPortForwardingMap.TryDecode(one, out IpPortForwardingMap? map)
            ? map.IsNone ? policy : policy with { Forwardings = [.. policy.Forwardings, map] } : null,
        AttributeType.DelegatedIpv6Prefix => one.TryPrefix(out Ipv6Prefix prefix)
            ? policy with { DelegatedPrefix = prefix } : null,
        AttributeType.VendorSpecific when one.Vendor == BandwidthVendor => Bandwidth(one, policy),
        _ => IsIpv6Access(one) ? TakeIpv6(one, policy) : policy,
    };

    private static SubscriberPolicy? Bandwidth(RadiusAttribute one, SubscriberPolicy policy) => one.VendorType switch
    {
        BandwidthUp => one.TryInteger(out uint rate) ? policy with { RateUp = rate } : null,
        BandwidthDown => one.TryInteger(out uint rate) ? policy with { RateDown = rate } : null,
        _ => policy,
    };

    private static bool IsIpv6Access(RadiusAttribute one) => one.Type
        is AttributeType.FramedIpv6Prefix or AttributeType.FramedIpv6Route or AttributeType.FramedIpv6Pool
        or AttributeType.FramedIpv6Address or AttributeType.DnsServerIpv6Address
        or AttributeType.RouteIpv6Information or AttributeType.DelegatedIpv6PrefixPool
        or AttributeType.StatefulIpv6AddressPool;

    private static SubscriberPolicy? TakeIpv6(RadiusAttribute one, SubscriberPolicy policy)
    {
        bool right = one.Type switch
        {
            AttributeType.FramedIpv6Prefix or AttributeType.RouteIpv6Information => one.TryPrefix(out _),
            AttributeType.FramedIpv6Address or AttributeType.DnsServerIpv6Address => one.TryIpv6(out _),
            _ => !one.Value.IsEmpty,
        };
        return right ? policy with { Ipv6Access = [.. policy.Ipv6Access, one] } : null;
    }

    private static TimeSpan? Seconds(RadiusAttribute one) =>
        one.TryInteger(out uint seconds) ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>A session's attributes with what the gateway has filled in, so that they say it from now on.</summary>
    /// <param name="attributes">What the server said.</param>
    /// <param name="policy">The policy that was granted.</param>
    public static IReadOnlyList<RadiusAttribute> Settled(
        IReadOnlyList<RadiusAttribute> attributes, SubscriberPolicy policy) =>
        !attributes.Any(static one => one.Type == AttributeType.IpPortForwardingMap) ? attributes :
        [
            .. attributes.Where(static one => one.Type != AttributeType.IpPortForwardingMap),
            .. policy.Forwardings.Select(static map =>
                new RadiusAttribute(AttributeType.IpPortForwardingMap, map.Encode())),
        ];

    /// <summary>A session's attributes after a change: what the change names is replaced, all instances of it, and the
    /// rest stays (RFC 5176 §3.6).</summary>
    public static IReadOnlyList<RadiusAttribute> Merge(
        IReadOnlyList<RadiusAttribute> before, IReadOnlyList<RadiusAttribute> change) =>
        [.. before.Where(old => !change.Any(old.IsSameAs)), .. change];
}
