using System;
using System.Collections.Generic;

using Cgn.Control.Configuration.Model;
using Cgn.Wire;

namespace Cgn.Control.Configuration.Checks;

/// <summary>The two kinds of access: softwire ends, and whose traffic is taken.</summary>
internal static class AccessChecks
{
    private const int AftrAddressesMax = 255;

    public static void Run(GatewayOptions options, FaultList faults)
    {
        if (options.DsLite is null && options.Nat444 is null)
        {
            faults.Error(
                default,
                "there is neither a section ds-lite nor nat444; one of them says whom the gateway serves");
        }

        if (options.DsLite is { } dsLite)
            DsLite(dsLite, faults);
        if (options.Nat444 is not { } nat444)
            return;
        string property = nameof(nat444.SubscriberMatch);
        Ipv4(nat444, property, "nat444.subscriber-match", [.. Prefixes(nat444.SubscriberMatch)], faults);
        for (int i = 0; i < nat444.SubscriberMatch.Count; i++)
        {
            Ipv4Prefix prefix = nat444.SubscriberMatch[i].Prefix;
            if (!AddressSpace.Shared.Contains(prefix) && !AddressSpace.IsPrivate(prefix))
            {
                faults.Warn(
                    nat444.PlaceOf(property, i),
                    $"nat444.subscriber-match {prefix} is neither shared nor private space; 100.64.0.0/10 is for "
                    + "this (RFC 6598)");
            }
        }
    }

    private static IEnumerable<Ipv4Prefix> Prefixes(IReadOnlyList<Values.Ipv4PrefixValue> values)
    {
        foreach (Values.Ipv4PrefixValue value in values)
            yield return value.Prefix;
    }

    private static void DsLite(DsLiteSection dsLite, FaultList faults)
    {
        AftrAddresses(dsLite, faults);
        string property = nameof(dsLite.SubscriberMatch);
        for (int i = 0; i < dsLite.SubscriberMatch.Count; i++)
        {
            Ipv6Prefix prefix = dsLite.SubscriberMatch[i].Prefix;
            Place place = dsLite.PlaceOf(property, i);
            for (int j = 0; j < i; j++)
            {
                if (prefix.Overlaps(dsLite.SubscriberMatch[j].Prefix))
                {
                    faults.Warn(
                        place,
                        $"ds-lite.subscriber-match {prefix} overlaps {dsLite.SubscriberMatch[j]}; one is enough");
                }
            }

            if (prefix.Length > dsLite.SubscriberMaskV6)
            {
                faults.Warn(
                    place,
                    $"ds-lite.subscriber-match {prefix} is narrower than a subscriber's /{dsLite.SubscriberMaskV6}: "
                    + "all of it is one subscriber");
            }
        }

        string inner = nameof(dsLite.InnerSubscriberMatch);
        Ipv4(dsLite, inner, "ds-lite.inner-subscriber-match", [.. Prefixes(dsLite.InnerSubscriberMatch)], faults);
    }

    private static void AftrAddresses(DsLiteSection dsLite, FaultList faults)
    {
        string property = nameof(dsLite.AftrAddresses);
        if (dsLite.AftrAddresses.Count > AftrAddressesMax)
        {
            faults.Error(
                dsLite.PlaceOf(property),
                $"ds-lite.aftr-ipv6-address has {dsLite.AftrAddresses.Count} addresses; at most "
                + $"{AftrAddressesMax} are possible");
        }

        var seen = new HashSet<Ipv6Address>();
        for (int i = 0; i < dsLite.AftrAddresses.Count; i++)
        {
            Ipv6Address address = dsLite.AftrAddresses[i].Address;
            Place place = dsLite.PlaceOf(property, i);
            if (!seen.Add(address))
                faults.Error(place, $"ds-lite.aftr-ipv6-address {address} is given twice; once is right");
            if (AddressSpace.IsNoEndpoint(address))
            {
                faults.Error(
                    place,
                    $"ds-lite.aftr-ipv6-address {address} can't end a softwire; a global unicast address would");
            }

            foreach (Values.Ipv6PrefixValue match in dsLite.SubscriberMatch)
            {
                if (!match.Prefix.Contains(address))
                    continue;
                // RFC 2473 4.1.2: both ends of a tunnel must not be the same node.
                faults.Error(
                    place,
                    $"ds-lite.aftr-ipv6-address {address} lies in subscriber-match {match}; "
                    + "an address outside all subscriber prefixes would be right");
            }
        }
    }

    private static void Ipv4(
        ConfigSection section, string property, string key, ReadOnlySpan<Ipv4Prefix> prefixes, FaultList faults)
    {
        for (int i = 0; i < prefixes.Length; i++)
        {
            Place place = section.PlaceOf(property, i);
            if (AddressSpace.IsNeverForwarded(prefixes[i]))
            {
                faults.Error(
                    place,
                    $"{key} {prefixes[i]} holds addresses that are never forwarded (RFC 1812 section 5.3.7)");
            }

            foreach (Ipv4Prefix earlier in prefixes[..i])
            {
                if (earlier.Overlaps(prefixes[i]))
                    faults.Warn(place, $"{key} {prefixes[i]} overlaps {earlier}; one is enough");
            }
        }
    }
}
