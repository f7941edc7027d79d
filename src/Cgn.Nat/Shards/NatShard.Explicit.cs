using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Memory.Rates;
using Cgn.Wire;

namespace Cgn.Nat;

// Mappings that are asked for rather than made by traffic: by hosts (RFC 6887) and by the gateways that read their
// protocols. They have ports of the subscriber's blocks like any other and are logged through them.
public sealed partial class NatShard
{
    // Drawn ports that an explicit mapping may not have, before giving up.
    private const int DrawsMax = 8;

    /// <summary>
    /// Makes an explicit mapping, or renews the one of the internal endpoint. A mapping that traffic has made becomes
    /// explicit and keeps its external endpoint; a static one stays what it is.
    /// </summary>
    /// <param name="subscriber">Whose, as <see cref="Admit"/> or <see cref="FindSubscriber"/> has it.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="now">The time.</param>
    /// <param name="refusal">Why not, or none.</param>
    /// <returns>The mapping, whose record tells the external endpoint; 0 when refused.</returns>
    public uint MakeExplicit(
        uint subscriber, in ExplicitRequest request, in WorkerTime now, out DropReason refusal)
    {
        uint mapping = MakeOrRenew(subscriber, request, now, out refusal);
        Commit();
        return mapping;
    }

    private uint MakeOrRenew(
        uint subscriber, in ExplicitRequest request, in WorkerTime now, out DropReason refusal)
    {
        refusal = DropReason.None;
        FlowKey flow = FlowOf(request);
        uint held = 0;
        uint mapping = request.Kind == ExplicitKind.Call
            ? FindCall(subscriber, flow, anyCall: false)
            : FindInternal(subscriber, flow, 0, out held);
        if (mapping == 0 && held != 0 && TryRevive(held, 0))
        {
            mapping = held;
            WatchPorts(subscriber, now);
        }

        if (mapping == 0)
            return BeginExplicit(subscriber, flow, request, now, out refusal);
        ref MappingRecord m = ref _mappings[mapping];
        if (m.State == MappingState.Static)
            return mapping;
        if (m.State == MappingState.Explicit)
        {
            Fill(ref _explicit[m.Aux], request, now.Tick);
            return mapping;
        }

        refusal = RefuseExplicit(subscriber, now);
        uint record = refusal == DropReason.None ? _explicit.Take() : 0;
        if (record == 0)
        {
            refusal = refusal == DropReason.None ? DropReason.MappingsFull : refusal;
            if (m.SessionCount == 0)
                HoldDown(mapping, now);
            return 0;
        }

        ref ExplicitRecord e = ref _explicit[record];
        Fill(ref e, request, now.Tick);
        e.Mapping = mapping;
        // In this order: an explicit mapping without its record is taken for a dynamic one when it is attached to.
        Kept(ref m.State) = MappingState.Explicit;
        Kept(ref m.Aux) = record;
        Kept(ref _subscribers[subscriber].ExplicitCount)++;
        return mapping;
    }

    /// <summary>
    /// Takes away what was asked for: the mapping ends, or goes on by its sessions alone where traffic uses it. A call
    /// ends with its sessions.
    /// </summary>
    /// <param name="mapping">An explicit mapping.</param>
    /// <param name="now">The time.</param>
    public void EndExplicit(uint mapping, in WorkerTime now)
    {
        ref MappingRecord m = ref _mappings[mapping];
        if (m.State != MappingState.Explicit)
            return;
        if (_explicit[m.Aux].Kind == ExplicitKind.Call)
        {
            EndMapping(mapping, now);
            return;
        }

        ForgetExplicit(m);
        Kept(ref m.Aux) = 0;
        Kept(ref m.State) = MappingState.Dynamic;
        if (m.SessionCount == 0)
            HoldDown(mapping, now);
        Commit();
    }

    /// <summary>What was asked for with an explicit mapping; for any other a record that is not live.</summary>
    /// <param name="mapping">A mapping.</param>
    public ref readonly ExplicitRecord Explicit(uint mapping) =>
        ref _explicit[_mappings[mapping].State == MappingState.Explicit ? _mappings[mapping].Aux : 0];

    /// <summary>The call of PPTP that a host has with a remote under its own call identifier, 0 for none.</summary>
    /// <param name="subscriber">Whose.</param>
    /// <param name="host">Internal address.</param>
    /// <param name="callId">The host's call identifier.</param>
    /// <param name="remote">The other end of the control connection.</param>
    public uint FindCall(uint subscriber, uint host, ushort callId, uint remote) => FindCall(
        subscriber,
        new FlowKey
        {
            InternalAddress = host,
            InternalPort = callId,
            RemoteAddress = remote,
            Protocol = (byte)IpProtocol.Gre,
        },
        anyCall: false);

    /// <summary>
    /// Seconds since the shard's state began (RFC 6887 section 8.5): goes on over an attach, and begins anew when
    /// explicit mappings were lost.
    /// </summary>
    /// <param name="now">The time.</param>
    public uint EpochSeconds(in WorkerTime now) => (now.Tick - (uint)_header[EpochWord]) / Tick.PerSecond;

    /// <summary>Ticks until a mapping's youngest session ends by itself, 0 when it has none.</summary>
    /// <param name="mapping">A mapping.</param>
    /// <param name="tick">Now.</param>
    public uint SessionTicksLeft(uint mapping, uint tick)
    {
        uint most = 0;
        uint session = _mappings[mapping].FirstSession;
        for (int i = 0; session != 0 && i < LivesWalked; i++)
        {
            ref readonly SessionRecord s = ref _sessions[session];
            if (IsAlive(s, tick))
                most = System.Math.Max(most, _lifeTicks[(int)s.State & (States - 1)] - (tick - s.LastActive));
            session = s.NextOfMapping;
        }

        return most;
    }

    private static FlowKey FlowOf(in ExplicitRequest request) => new()
    {
        InternalAddress = request.InternalAddress,
        InternalPort = request.InternalPort,
        RemoteAddress = request.RemoteAddress,
        RemotePort = request.RemotePort,
        Protocol = request.Protocol,
    };

    private DropReason RefuseExplicit(uint subscriber, in WorkerTime now)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        ref readonly PlanLimits plan = ref _limits[s.Plan];
        if (plan.BlocksMax == 0)
            return Unserved(s.Plan);
        if (s.ExplicitCount >= _settings.Pcp.MappingsMax)
            return DropReason.BlockLimit;
        return RateBucket.TryTake(ref s.SetupFullAtNs, now.NowNs, plan.SetupCostNs, plan.SetupDepthNs)
            ? DropReason.None
            : DropReason.SetupRateLimit;
    }

    private uint BeginExplicit(
        uint subscriber, in FlowKey flow, in ExplicitRequest request, in WorkerTime now, out DropReason refusal)
    {
        refusal = RefuseExplicit(subscriber, now);
        if (refusal == DropReason.None)
            refusal = RefuseMapping(subscriber, flow.Protocol, isHeld: false, now.Tick);
        if (refusal != DropReason.None)
            return 0;
        uint record = _explicit.Take();
        if (record == 0)
        {
            refusal = DropReason.MappingsFull;
            return 0;
        }

        uint block = FindExplicitPort(subscriber, flow, request, now, out ushort port, out refusal);
        ref ExplicitRecord e = ref _explicit[record];
        Fill(ref e, request, now.Tick);
        uint mapping = 0;
        bool isCall = request.Kind == ExplicitKind.Call;
        uint external = _blocks[block].ExternalAddress;
        if (block != 0 && isCall && !TryClaim(external, flow.RemoteAddress, flow.Protocol, port))
            refusal = DropReason.AddressOnlyConflict;
        else if (block != 0)
            mapping = BeginMapping(RecordOf(subscriber, flow, block, port, record), out refusal);
        if (mapping != 0)
        {
            e.Mapping = mapping;
            Kept(ref _subscribers[subscriber].ExplicitCount)++;
            _subscribers[subscriber].LastActive = now.Tick;
            WatchPorts(subscriber, now);
            return mapping;
        }

        if (block != 0 && isCall)
            Unclaim(external, flow.RemoteAddress, flow.Protocol, port);
        _explicit.Give(record);
        return 0;
    }

    private MappingRecord RecordOf(uint subscriber, in FlowKey flow, uint block, ushort port, uint record) => new()
    {
        Subscriber = subscriber,
        InternalAddress = flow.InternalAddress,
        InternalPort = flow.InternalPort,
        ExternalAddress = _blocks[block].ExternalAddress,
        ExternalPort = port,
        Protocol = flow.Protocol,
        Block = block,
        Aux = record,
        State = MappingState.Explicit,
    };

    private uint FindExplicitPort(
        uint subscriber, in FlowKey flow, in ExplicitRequest request, in WorkerTime now, out ushort port,
        out DropReason refusal)
    {
        refusal = DropReason.None;
        port = request.SuggestedPort;
        if (port != 0 && !IsPcpPort(flow.Protocol, port) && TrySuggested(subscriber, request, out uint suggested))
            return suggested;
        port = 0;
        refusal = DropReason.PortUnavailable;
        if (request.Exactly)
            return 0;
        for (int i = 0; i < DrawsMax; i++)
        {
            uint block = FindPort(subscriber, flow, now, out port, out refusal);
            if (block == 0 || !IsPcpPort(flow.Protocol, port))
                return block;
        }

        refusal = DropReason.PortUnavailable;
        return 0;
    }

    private bool TrySuggested(uint subscriber, in ExplicitRequest request, out uint block)
    {
        block = _subscribers[subscriber].FirstBlock;
        for (int i = 0; block != 0 && i < BlocksWalked; i++)
        {
            ref readonly BlockRecord b = ref _blocks[block];
            bool isThere = request.SuggestedPort >= b.FirstPort && request.SuggestedPort <= b.LastPort
                && (request.SuggestedAddress == 0 || request.SuggestedAddress == b.ExternalAddress);
            if (isThere)
            {
                return (!_isChoosy || !IsReservedPort(b, request.SuggestedPort, _subscribers[subscriber].Plan))
                    && FindExternal(b.ExternalAddress, request.SuggestedPort, request.Protocol, 0) == 0;
            }

            block = b.NextOfSubscriber;
        }

        return false;
    }

    // RFC 6887 section 11.3: the server's own ports are nobody's.
    private static bool IsPcpPort(byte protocol, ushort port) =>
        protocol == (byte)IpProtocol.Udp && port is 5350 or 5351;

    private void Fill(ref ExplicitRecord e, in ExplicitRequest request, uint tick)
    {
        Kept(ref e.RemoteAddress) = request.RemoteAddress;
        Kept(ref e.RemotePort) = request.RemotePort;
        Kept(ref e.Kind) = request.Kind;
        Kept(ref e.NonceHigh) = request.NonceHigh;
        Kept(ref e.NonceLow) = request.NonceLow;
        Kept(ref e.Control) = request.Control;
        Kept(ref e.EndsAt) = tick + request.LifetimeTicks;
    }
}
