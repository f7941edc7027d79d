using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Wire;

namespace Cgn.Control.Configuration.Checks;

/// <summary>
/// Static mappings: each names one subscriber, an internal endpoint of his and a pool endpoint that nobody else
/// has.
/// </summary>
internal static class StaticMappingChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        var externals = new Dictionary<(StaticProtocol, Ipv4Endpoint), StaticMappingSection>();
        var internals = new Dictionary<(SubscriberMatch, StaticProtocol, Ipv4Endpoint), StaticMappingSection>();
        foreach (StaticMappingSection mapping in options.NatPolicy.StaticMappings)
        {
            if (!mapping.IsWhole)
                continue;
            RunOne(mapping, options, faults);
            if (!externals.TryAdd((mapping.Protocol, mapping.External), mapping))
            {
                faults.Error(
                    mapping.PlaceOf(nameof(mapping.External)),
                    $"static-mappings.external {mapping.External} is given away on line "
                    + $"{externals[(mapping.Protocol, mapping.External)].Place.Line} already; another port would "
                    + "be free");
            }

            if (!internals.TryAdd((mapping.Subscriber, mapping.Protocol, mapping.Internal), mapping))
            {
                faults.Error(
                    mapping.PlaceOf(nameof(mapping.Internal)),
                    $"static-mappings.internal {mapping.Internal} of {mapping.Subscriber} has an external "
                    + "endpoint on line "
                    + $"{internals[(mapping.Subscriber, mapping.Protocol, mapping.Internal)].Place.Line} already; "
                    + "one is right");
            }
        }
    }

    /// <summary>Checks one mapping by itself, whether or not it stands in the file.</summary>
    public static void RunOne(StaticMappingSection mapping, GatewayOptions options, FaultList faults)
    {
        Subscriber(mapping, options, faults);
        Internal(mapping, options, faults);
        if (!options.Pools.Any(pool => pool.Prefixes.Any(p => p.Prefix.Contains(mapping.External.Address))))
        {
            faults.Error(
                mapping.PlaceOf(nameof(mapping.External)),
                $"static-mappings.external {mapping.External} lies in no external-ip-pool; an address of a "
                + "pool is needed");
        }
    }

    private static void Subscriber(StaticMappingSection mapping, GatewayOptions options, FaultList faults)
    {
        SubscriberMatch who = mapping.Subscriber;
        Place place = mapping.PlaceOf(nameof(mapping.Subscriber));
        int mask = options.DsLite?.SubscriberMaskV6 ?? new DsLiteSection().SubscriberMaskV6;
        if (who.IsIpv6 && who.Length != mask && who.Length != Ipv6Prefix.LengthMax)
        {
            faults.Error(
                place,
                $"static-mappings.subscriber {who} is not one subscriber; a prefix of /{mask} "
                + "(ds-lite.subscriber-mask-v6) "
                + "or a B4's address would be");
        }
        else if (!who.IsIpv6 && who.Length != Ipv4Prefix.LengthMax)
        {
            faults.Error(place, $"static-mappings.subscriber {who} is not one subscriber; one IPv4 address would be");
        }
        else if (!SubscriberReach.IsServed(who, options))
        {
            faults.Error(
                place,
                $"static-mappings.subscriber {who} meets no {(who.IsIpv6 ? "ds-lite" : "nat444")}.subscriber-match; "
                + "one of the subscribers served would");
        }
    }

    private static void Internal(StaticMappingSection mapping, GatewayOptions options, FaultList faults)
    {
        Place place = mapping.PlaceOf(nameof(mapping.Internal));
        uint address = mapping.Internal.Address.Value;
        if (!mapping.Subscriber.IsIpv6)
        {
            if (address != (uint)mapping.Subscriber.Low)
            {
                faults.Error(
                    place,
                    $"static-mappings.internal {mapping.Internal} is not the subscriber's own address, as NAT444 "
                    + "needs; "
                    + $"{new Ipv4Address((uint)mapping.Subscriber.Low)}:{mapping.Internal.Port} would be");
            }

            return;
        }

        IEnumerable<Ipv4PrefixSetting> allowed =
        [
            .. ConfigSnapshot.DefaultInnerSources(),
            .. (options.DsLite?.InnerSubscriberMatch ?? []).Select(static match => AddressSpace.Setting(match.Prefix)),
        ];
        if (!allowed.Any(prefix => prefix.Contains(address)))
        {
            faults.Error(
                place,
                $"static-mappings.internal {mapping.Internal} is no source that a B4 may use; a private one would be, "
                + "or one of ds-lite.inner-subscriber-match (RFC 6333 section 11)");
        }
    }
}
