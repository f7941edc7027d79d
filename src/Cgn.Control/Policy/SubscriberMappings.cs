using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

namespace Cgn.Control.Policy;

/// <summary>The static mappings that granted policies come with.</summary>
/// <param name="held">Where they are held.</param>
/// <param name="configuration">The configuration in force.</param>
/// <param name="places">The subscribers' records.</param>
internal sealed class SubscriberMappings(
    SessionMappings held, ConfigurationDesk configuration, SubscriberPlaces places)
{
    /// <summary>Gives a map that names no external address the subscriber's own, if there is one that is no other's
    /// choice: the computed one, the one that it is paired with, or the only one that there is.</summary>
    public SubscriberPolicy Settle(SubscriberIdentity who, SubscriberPolicy policy)
    {
        if (policy.Forwardings.All(static map => map.External is not null) || OwnAddress(who, policy) is not { } own)
            return policy;
        return policy with
        {
            Forwardings = [.. policy.Forwardings.Select(map => map with { External = map.External ?? own })],
        };
    }

    /// <summary>Why mappings can't be had; null when they can.</summary>
    public GrantRefusal? Obstacle(IReadOnlyList<SubscriberGrant> grants) => Refusal(
        TryMake(grants, out List<HeldMappings> changes) ?? held.Refusal(configuration.Options, changes));

    /// <summary>The subscribers hold the mappings of their policies from now on, and no others: all or none of them.
    /// </summary>
    /// <returns>Why nothing has changed; null when it is done.</returns>
    public GrantRefusal? TryPut(IReadOnlyList<SubscriberGrant> grants) => Refusal(
        TryMake(grants, out List<HeldMappings> changes) ?? held.TryPut(configuration.Options, changes));

    /// <summary>A subscriber holds none any more.</summary>
    public void Forget(SubscriberId who) => held.Remove(who);

    private static GrantRefusal? Refusal(MappingRefusal? refusal) => refusal is null ? null : new GrantRefusal(
        refusal.IsTaken ? ErrorCause.ResourcesUnavailable : ErrorCause.InvalidAttributeValue, refusal.Why);

    private MappingRefusal? TryMake(IReadOnlyList<SubscriberGrant> grants, out List<HeldMappings> changes)
    {
        changes = [];
        foreach (SubscriberGrant one in grants)
        {
            SubscriberPolicy policy = Settle(one.Who, one.Policy);
            if (ForwardingMaps.TryMake(one.Who, policy.Forwardings, out IReadOnlyList<StaticMappingSection> made)
                is { } fault)
            {
                return new MappingRefusal(false, fault);
            }

            changes.Add(new HeldMappings(one.Who.Key, made));
        }

        return null;
    }

    private Ipv4Address? OwnAddress(SubscriberIdentity who, SubscriberPolicy policy)
    {
        GatewayOptions options = configuration.Options;
        uint address = held.ComputedAddress(options, who.Key);
        if (address == 0 && places.TryRead(who.Key, out SubscriberRecord record))
            address = record.ExternalAddress;
        if (address == 0)
            address = OnlyAddress(options, policy);
        return address == 0 ? null : new Ipv4Address(address);
    }

    // Of the pool that the policy or its plan names, else of all that there are.
    private static uint OnlyAddress(GatewayOptions options, SubscriberPolicy policy)
    {
        string? plan = policy.Plan ?? options.Subscribers.DefaultPlan;
        string? pool = policy.Pool ?? options.Plans.FirstOrDefault(one => one.Id == plan)?.Pool;
        Ipv4Prefix[] prefixes =
        [
            .. options.Pools.Where(one => pool is null || one.Id == pool)
                .SelectMany(static one => one.Prefixes).Select(static one => one.Prefix),
        ];
        return prefixes is [{ Length: Ipv4Prefix.LengthMax } only] ? only.Address.Value : 0;
    }
}
