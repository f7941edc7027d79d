using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Configuration.Model;
using Cgn.Wire;

namespace Cgn.Control.Configuration.Checks;

/// <summary>What is forwarded untranslated: outside our own addresses, and each way back known once.</summary>
internal static class PassThroughChecks
{
    private const int RulesMax = 256;
    private const int BindingsMax = 4096;

    public static void Run(GatewayOptions options, FaultList faults)
    {
        NatPolicySection policy = options.NatPolicy;
        AtMost(policy.PassThrough.Count, RulesMax, policy.PlaceOf(nameof(policy.PassThrough)), "rules", faults);
        AtMost(
            policy.PassThroughBindings.Count, BindingsMax, policy.PlaceOf(nameof(policy.PassThroughBindings)),
            "bindings", faults);
        foreach (PassThroughSection rule in policy.PassThrough.Where(static rule => rule.IsWhole))
        {
            NotOurs(rule.Prefix.Prefix, rule.PlaceOf(nameof(rule.Prefix)), options, faults);
            if (rule.Port is not null && rule.Protocol is null or StaticProtocol.Icmp)
            {
                faults.Error(
                    rule.PlaceOf(nameof(rule.Port)),
                    "a port needs a protocol that has ports; protocol: tcp or udp would be right");
            }
        }

        var before = new List<Ipv4Prefix>();
        foreach (PassThroughBindingSection binding in policy.PassThroughBindings.Where(static one => one.IsWhole))
            Binding(binding, before, options, faults);
    }

    private static void Binding(
        PassThroughBindingSection binding, List<Ipv4Prefix> before, GatewayOptions options, FaultList faults)
    {
        Ipv4Prefix prefix = binding.Prefix.Prefix;
        Place place = binding.PlaceOf(nameof(binding.Prefix));
        NotOurs(prefix, place, options, faults);
        if (AddressSpace.IsNeverForwarded(prefix))
            faults.Error(place, $"nat-pass-through-bindings {prefix} holds addresses that are never forwarded");
        if (before.Exists(other => other.Overlaps(prefix)))
            faults.Error(place, $"nat-pass-through-bindings {prefix} overlaps another; each address has one B4");
        before.Add(prefix);
        bool isServed = options.DsLite is { } dsLite
            && dsLite.SubscriberMatch.Any(match => match.Prefix.Contains(binding.B4.Address));
        if (!isServed)
        {
            faults.Error(
                binding.PlaceOf(nameof(binding.B4)),
                $"b4-ipv6-address {binding.B4.Address} is in no ds-lite.subscriber-match; its softwire would be "
                + "dropped");
        }
    }

    private static void NotOurs(Ipv4Prefix prefix, Place place, GatewayOptions options, FaultList faults)
    {
        foreach (PoolSection pool in options.Pools)
        {
            if (pool.Prefixes.Any(ours => ours.Prefix.Overlaps(prefix)))
            {
                faults.Error(
                    place,
                    $"pass-through prefix {prefix} overlaps pool {pool.Id}; what is untranslated is no pool's address");
            }
        }
    }

    private static void AtMost(int count, int most, Place place, string what, FaultList faults)
    {
        if (count > most)
            faults.Error(place, $"there are {count} pass-through {what}; at most {most} are possible");
    }
}
