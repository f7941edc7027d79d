using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Cli.Replay;

/// <summary>
/// What the replay has learnt about the gateway's mappings, from packets alone, and whether they are such as a NAT
/// may make: the same while a session lives (RFC 4787 REQ-1), nobody else's (REQ-3), on one address for each
/// subscriber (RFC 6888 REQ-2), not reused too soon (REQ-8).
/// </summary>
internal sealed class MappingBook
{
    private readonly ReplayPlan _plan;
    private readonly ConfigSnapshot _snapshot;
    private readonly SessionModel _model;
    private readonly FlowState[] _flows;
    private readonly EndpointState[] _endpoints;
    private readonly Dictionary<(byte Protocol, uint Address, ushort Port, uint Remote), int> _owners = [];
    private readonly Dictionary<int, (uint External, long SureNs)> _paired = [];
    private readonly bool _shared;

    /// <summary>An empty book for a capture.</summary>
    /// <param name="plan">The capture.</param>
    /// <param name="snapshot">The gateway's configuration.</param>
    /// <param name="model">How long sessions live.</param>
    /// <param name="subscribers">Simulated subscribers.</param>
    internal MappingBook(ReplayPlan plan, ConfigSnapshot snapshot, SessionModel model, int subscribers)
    {
        _plan = plan;
        _snapshot = snapshot;
        _model = model;
        _flows = new FlowState[plan.Flows.Count * subscribers];
        _endpoints = new EndpointState[plan.EndpointCount * subscribers];
        _shared = snapshot.Settings.MappingType == MappingType.EndpointIndependent;
    }

    /// <summary>A subscriber's flow.</summary>
    internal ref FlowState Flow(int subscriber, Flow flow) =>
        ref _flows[(subscriber * _plan.Flows.Count) + flow.Number];

    /// <summary>A subscriber's internal endpoint.</summary>
    internal ref EndpointState Endpoint(int subscriber, Flow flow) =>
        ref _endpoints[(subscriber * _plan.EndpointCount) + flow.Endpoint];

    /// <summary>Where a packet must be sent to reach a subscriber's flow.</summary>
    /// <returns>False when nothing is known of a mapping.</returns>
    internal bool TryReach(int subscriber, Flow flow, out uint external, out ushort port)
    {
        ref FlowState own = ref Flow(subscriber, flow);
        ref EndpointState shared = ref Endpoint(subscriber, flow);
        bool useShared = _shared && shared.External != 0;
        external = useShared ? shared.External : own.External;
        port = useShared ? shared.ExternalPort : own.ExternalPort;
        return external != 0;
    }

    /// <summary>An external endpoint that was a flow's belongs to somebody else now.</summary>
    internal bool IsLost(int subscriber, Flow flow)
    {
        TryReach(subscriber, flow, out uint external, out ushort port);
        return _owners.TryGetValue(Key(flow, external, port), out int owner) && owner != Owner(subscriber, flow);
    }

    /// <summary>
    /// A packet of a flow left with an external endpoint.
    /// </summary>
    /// <param name="subscriber">Whose it is.</param>
    /// <param name="identity">Who shares one external address: a subscriber behind a softwire, a host in
    /// NAT444.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="external">External address.</param>
    /// <param name="port">External port or identifier.</param>
    /// <param name="nowNs">The time.</param>
    /// <returns>Null, or what no NAT may do.</returns>
    internal string? Learn(int subscriber, int identity, Flow flow, uint external, ushort port, long nowNs)
    {
        ref FlowState own = ref Flow(subscriber, flow);
        ref EndpointState shared = ref Endpoint(subscriber, flow);
        string? problem = null;
        bool changed = _shared && shared.IsSure(nowNs) && (shared.External != external || shared.ExternalPort != port);
        changed |= own.IsSure(nowNs) && (own.External != external || own.ExternalPort != port);
        if (changed)
        {
            problem = $"mapping: {new Ipv4Address(external)}:{port}, while "
                + $"{new Ipv4Address(shared.External)}:{shared.ExternalPort} still lives "
                + "for the same internal endpoint";
        }

        (byte, uint, ushort, uint) key = Key(flow, external, port);
        int owner = Owner(subscriber, flow);
        if (_owners.TryGetValue(key, out int other) && other != owner && IsTakenBy(other, external, port, nowNs))
        {
            problem ??= $"mapping: {new Ipv4Address(external)}:{port} is still another endpoint's, or was less than "
                + "the hold-down time ago";
        }

        _owners[key] = owner;
        problem ??= Pair(identity, external, nowNs);
        if (own.External != external || own.ExternalPort != port)
            own = default;
        if (shared.External != external || shared.ExternalPort != port)
            shared = default;
        (own.External, own.ExternalPort) = (external, port);
        (shared.External, shared.ExternalPort) = (external, port);
        return problem;
    }

    /// <summary>The gateway carried a packet of a flow.</summary>
    internal void Carried(int subscriber, int identity, Flow flow, PacketFacts facts, bool outbound, long nowNs)
    {
        ref FlowState own = ref Flow(subscriber, flow);
        ref EndpointState shared = ref Endpoint(subscriber, flow);
        if (own.External == 0)
            (own.External, own.ExternalPort) = (shared.External, shared.ExternalPort);
        long sure = own.SureNs;
        _model.Carried(ref own, facts, outbound, nowNs);
        shared.Follow(own, own.SureNs < sure);
        if (_paired.TryGetValue(identity, out (uint External, long SureNs) pair) && own.SureNs > pair.SureNs)
            _paired[identity] = (pair.External, own.SureNs);
    }

    /// <summary>
    /// Another subscriber or host may hold the only address-only mapping that there can be to a remote host.
    /// </summary>
    internal bool MayConflict(int subscriber, Flow flow, long nowNs)
    {
        int self = (subscriber * _plan.Flows.Count) + flow.Number;
        for (int number = 0; number < _flows.Length; number++)
        {
            Flow other = _plan.Flows[number % _plan.Flows.Count];
            if (number != self && other.Protocol == flow.Protocol && other.Server == flow.Server
                && !_flows[number].IsGone(nowNs))
                return true;
        }

        return false;
    }

    // An owner is numbered by its endpoint, or by its flow where mappings depend on the remote end.
    private int Owner(int subscriber, Flow flow) => _shared
        ? (subscriber * _plan.EndpointCount) + flow.Endpoint
        : (subscriber * _plan.Flows.Count) + flow.Number;

    private (byte, uint, ushort, uint) Key(Flow flow, uint external, ushort port) =>
        (flow.Protocol, external, port, flow.Kind == PacketKind.Other ? _plan.Addresses.Outside(flow.Server) : 0);

    private bool IsTakenBy(int owner, uint external, ushort port, long nowNs)
    {
        long sure = _shared ? _endpoints[owner].SureNs : _flows[owner].SureNs;
        uint address = _shared ? _endpoints[owner].External : _flows[owner].External;
        ushort itsPort = _shared ? _endpoints[owner].ExternalPort : _flows[owner].ExternalPort;
        long holdNs = (_snapshot.Settings.HoldDownTimeout * Tick.Nanoseconds) - (2 * Tick.Nanoseconds);
        return address == external && itsPort == port && nowNs <= sure + holdNs;
    }

    private string? Pair(int identity, uint external, long nowNs)
    {
        string? problem = null;
        if (_snapshot.Settings.Paired && _paired.TryGetValue(identity, out (uint External, long SureNs) pair)
            && pair.External != external && nowNs <= pair.SureNs)
        {
            problem = $"mapping: on {new Ipv4Address(external)}, while the subscriber's others are on "
                + $"{new Ipv4Address(pair.External)}";
        }

        if (!_paired.TryGetValue(identity, out pair) || pair.External != external)
            _paired[identity] = (external, 0);
        return problem;
    }
}
