using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Reading;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Policy;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.State.Listings;
using Cgn.Wire;

namespace Cgn.Control.Api.Policies;

/// <summary>Steers single subscribers for the operator, by the same desk as RADIUS does.</summary>
internal sealed class SubscriberDesk(RecordWalk walk, PolicyDesk policies, ConfigurationDesk configuration)
{
    private const string Needed =
        "an object with plan, pool, rate-down, rate-up, port-limit or port-quota";

    /// <summary>Grants a subscriber a policy in place of what it has.</summary>
    /// <param name="who">Whom.</param>
    /// <param name="text">JSON: the keys of <see cref="PolicyRequest"/>.</param>
    /// <param name="cancellation">Gives up looking.</param>
    /// <exception cref="ApiProblem">It can't be granted.</exception>
    public PolicyResource Grant(SubscriberMatch who, string text, CancellationToken cancellation)
    {
        SubscriberPolicy policy = Read(text);
        SubscriberIdentity subscriber = Find(who, cancellation);
        RefuseNamed(subscriber);
        if (!policies.CanGrant(subscriber, policy)
            || !PolicyWording.TryPut(policy, configuration.Snapshot, out PolicyRecord granted))
        {
            throw ApiProblem.Unavailable(
                $"{PlanNumber.GrantedMax} different policies are granted, or the forwarder does not run; try again");
        }

        policies.Steer(subscriber, policy);
        return new PolicyResource(
            subscriber.Name, policy.Plan ?? Default(configuration.Snapshot)!.Name, PlanText.Words(granted));
    }

    /// <summary>Takes what was granted away: the subscriber has what an unknown one has.</summary>
    /// <exception cref="ApiProblem">There is no such subscriber, or the configuration names it.</exception>
    public void TakeAway(SubscriberMatch who, CancellationToken cancellation)
    {
        SubscriberIdentity subscriber = Find(who, cancellation);
        RefuseNamed(subscriber);
        ConfigSnapshot snapshot = configuration.Snapshot;
        // To be asked about anew, or to be refused, it has to begin anew; the default plan it can have as it is.
        if (snapshot.Settings.AsksUnknown || Default(snapshot) is null
            || !policies.CanGrant(subscriber, new SubscriberPolicy()))
            policies.Disconnect(subscriber);
        else
            policies.Steer(subscriber, new SubscriberPolicy());
    }

    /// <summary>Ends all that a subscriber has, and forgets it.</summary>
    /// <exception cref="ApiProblem">There is no such subscriber.</exception>
    public void Disconnect(SubscriberMatch who, CancellationToken cancellation) =>
        policies.Disconnect(Find(who, cancellation));

    private static PlanSettings? Default(ConfigSnapshot snapshot) =>
        (uint)snapshot.Settings.DefaultPlan < (uint)snapshot.Plans.Length
            ? snapshot.Plans[snapshot.Settings.DefaultPlan]
            : null;

    private SubscriberIdentity Find(SubscriberMatch who, CancellationToken cancellation)
    {
        var readers = new RecordReaders(new ListingFilter(who, null));
        return walk.Find<SubscriberRecord, SubscriberIdentity>(
            static shard => shard.Subscribers,
            (ReadMoment moment, int _, uint _, in SubscriberRecord s) =>
                readers.Asks(moment, s) ? Identity(moment, who, s) : null,
            cancellation)
            ?? throw ApiProblem.NotFound(
                $"no subscriber of {who} has state here; its first packet makes it known, and RADIUS or the "
                + "configuration says what it may");
    }

    private static SubscriberIdentity Identity(ReadMoment moment, SubscriberMatch who, in SubscriberRecord s)
    {
        bool isDsLite = s.Kind == SubscriberKind.DsLite;
        int length = isDsLite ? moment.MaskBits : Ipv4Prefix.LengthMax;
        if (who.Length < length)
        {
            throw ApiProblem.BadRequest(
                $"{who} may hold several subscribers, and this is about one: a prefix of {length} bits would be right");
        }

        return isDsLite
            ? SubscriberIdentity.DsLite(new Ipv6Address(s.B4High, s.B4Low), moment.MaskBits)
            : SubscriberIdentity.Nat444(new Ipv4Address((uint)s.B4Low));
    }

    private void RefuseNamed(SubscriberIdentity subscriber)
    {
        if (policies.IsNamed(subscriber.Key))
        {
            throw ApiProblem.Conflict(
                $"subscribers.static of the configuration says what {subscriber.Name} has, and that holds; change it "
                + "there");
        }
    }

    private SubscriberPolicy Read(string text)
    {
        var faults = new FaultList("");
        ConfigSnapshot snapshot = configuration.Snapshot;
        PolicyRequest? wanted = SectionText.Read<PolicyRequest>(text, "policy", Needed, faults);
        if (wanted is not null && wanted.IsWhole && !faults.HasErrors)
            Check(wanted, snapshot, faults);
        if (faults.HasErrors)
        {
            throw ApiProblem.Unprocessable(
                "the policy can't be granted: " + string.Join("; ", faults.Errors.Select(static f => f.Message)),
                faults);
        }

        return Policy(wanted!);
    }

    private static void Check(PolicyRequest wanted, ConfigSnapshot snapshot, FaultList faults)
    {
        string plans = string.Join(", ", snapshot.Plans.Select(static plan => plan.Name));
        if (wanted.Plan is { } plan && !Array.Exists(snapshot.Plans, one => one.Name == plan))
            faults.Error(wanted.PlaceOf(nameof(wanted.Plan)), $"plan: no plan is called '{plan}'; there are: {plans}");
        if (wanted.Plan is null && Default(snapshot) is null)
            faults.Error(wanted.Place, $"plan is needed, since subscribers.default-plan is none; there are: {plans}");
        if (wanted.Pool is not { } pool)
            return;
        string pools = string.Join(", ", snapshot.Pools.Select(static one => one.Name));
        if (!Array.Exists(snapshot.Pools, one => one.Name == pool))
            faults.Error(wanted.PlaceOf(nameof(wanted.Pool)), $"pool: no pool is called '{pool}'; there are: {pools}");
        else if (snapshot.Settings.PortAllocation == PortAllocationType.Deterministic)
            faults.Error(
                wanted.PlaceOf(nameof(wanted.Pool)), "pool: ports are computed, which leaves no choice of a pool");
    }

    private static SubscriberPolicy Policy(PolicyRequest wanted)
    {
        List<IpPortLimitInfo> limits = [];
        Add(null, wanted.PortLimit);
        Add(IpProtocol.Tcp, wanted.PortQuota.Tcp);
        Add(IpProtocol.Udp, wanted.PortQuota.Udp);
        Add(IpProtocol.Icmp, wanted.PortQuota.Icmp);
        return new SubscriberPolicy
        {
            Plan = wanted.Plan,
            Pool = wanted.Pool,
            RateDown = wanted.IsGiven(nameof(wanted.RateDown)) ? wanted.RateDown.BitsPerSecond : null,
            RateUp = wanted.IsGiven(nameof(wanted.RateUp)) ? wanted.RateUp.BitsPerSecond : null,
            PortLimits = limits,
        };

        void Add(IpProtocol? protocol, uint? limit)
        {
            if (limit is { } ports)
                limits.Add(new IpPortLimitInfo(ports, (byte?)protocol));
        }
    }
}
