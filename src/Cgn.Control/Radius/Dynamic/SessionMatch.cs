using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

namespace Cgn.Control.Radius.Dynamic;

/// <summary>Which sessions a request means: those that all its identifying attributes fit (RFC 5176 §3).</summary>
internal static class SessionMatch
{
    /// <summary>The attribute identifies sessions. Framed-IP-Address and the prefixes do also in disconnect requests,
    /// where §3.6 has them as 0: §3 lists them, and servers send them.</summary>
    public static bool Identifies(AttributeType type) => type
        is AttributeType.UserName or AttributeType.NasPortId or AttributeType.FramedIpAddress
        or AttributeType.CallingStationId or AttributeType.AcctSessionId or AttributeType.FramedIpv6Prefix
        or AttributeType.DelegatedIpv6Prefix or AttributeType.FramedIpv6Address
        or AttributeType.ChargeableUserIdentity;

    /// <summary>The attribute names a gateway.</summary>
    public static bool NamesNas(AttributeType type) => type
        is AttributeType.NasIdentifier or AttributeType.NasIpAddress or AttributeType.NasIpv6Address;

    /// <summary>A condition of all identifying attributes together.</summary>
    /// <param name="attributes">The request's.</param>
    /// <returns>Null when there is none: that would be every session.</returns>
    public static Func<RadiusSession, bool>? Of(IReadOnlyList<RadiusAttribute> attributes)
    {
        RadiusAttribute[] identifying = [.. attributes.Where(static one => Identifies(one.Type))];
        return identifying.Length == 0 ? null : session => identifying.All(one => Fits(session, one));
    }

    private static bool Fits(RadiusSession session, RadiusAttribute one)
    {
        SubscriberIdentity who = session.Who;
        bool isDsLite = who.Kind == SubscriberKind.DsLite;
        return one.Type switch
        {
            AttributeType.UserName => one.Text == session.UserName || one.Text == who.Name,
            AttributeType.AcctSessionId => one.Text == session.Id,
            AttributeType.NasPortId => one.Text == who.Port,
            AttributeType.CallingStationId => one.Text == who.Station,
            AttributeType.ChargeableUserIdentity => one.Value.Span.SequenceEqual(session.Policy.ChargeableUser.Span),
            AttributeType.FramedIpAddress => !isDsLite && one.TryIpv4(out Ipv4Address ipv4) && ipv4 == who.Ipv4,
            AttributeType.FramedIpv6Address => isDsLite && one.TryIpv6(out Ipv6Address ipv6) && ipv6 == who.B4,
            AttributeType.FramedIpv6Prefix => isDsLite && one.TryPrefix(out Ipv6Prefix link) && link == who.LinkPrefix,
            AttributeType.DelegatedIpv6Prefix => isDsLite && one.TryPrefix(out Ipv6Prefix prefix)
                && (prefix == who.Prefix || prefix == session.Policy.DelegatedPrefix),
            _ => false,
        };
    }
}
