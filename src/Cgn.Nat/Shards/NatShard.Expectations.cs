using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Arenas;

namespace Cgn.Nat;

// Endpoints inside that a payload has named: each gets a mapping, and in its chain a session that stands for whoever
// is expected. It keeps the mapping alive and admits by its remote address, whatever the filtering; no packet is
// translated by it, so no index has it.
public sealed partial class NatShard
{
    /// <summary>Remotes that may be expected at one subscriber's endpoints at once.</summary>
    public const int ExpectedPerSubscriberMax = 128;

    // By number of subscriber: derived, like an index, and in the arena like one.
    private readonly NativeArray<ushort> _expected;

    /// <summary>
    /// Makes an endpoint of a session's host reachable for a while (<see
    /// cref="Contract.Settings.GatewaySettings.PinholeTimeout"/>), or for a while longer.
    /// </summary>
    /// <param name="session">The session whose payload named the endpoint.</param>
    /// <param name="protocol">Transport protocol of the endpoint.</param>
    /// <param name="port">Its internal port.</param>
    /// <param name="remote">Address that is expected to come, 0 for any.</param>
    /// <param name="now">The time.</param>
    /// <returns>The mapping, 0 when it could not be had.</returns>
    public uint Expect(uint session, byte protocol, ushort port, uint remote, in WorkerTime now) =>
        Expect(session, FlowOf(session, protocol, port, remote), 0, 0, now);

    /// <summary>
    /// The same for two endpoints with ports one after the other, the first even where that is to be had (RFC 3550
    /// section 11, RFC 4787 REQ-4).
    /// </summary>
    /// <returns>The mapping of the first, 0 when either could not be had.</returns>
    public uint ExpectPair(uint session, byte protocol, ushort port, uint remote, in WorkerTime now)
    {
        FlowKey first = FlowOf(session, protocol, port, remote);
        FlowKey second = first;
        second.InternalPort++;
        uint subscriber = _sessions[session].Subscriber;
        uint block = 0;
        ushort drawn = 0;
        bool isPair = (port & 1) == 0;
        if (isPair && FindInternal(subscriber, first, 0, out uint held) == 0 && held == 0
            && FindInternal(subscriber, second, 0, out held) == 0 && held == 0)
        {
            block = FindPair(subscriber, first, now, out drawn);
        }

        uint mapping = Expect(session, first, block, drawn, now);
        if (mapping == 0 || !isPair)
            return mapping;
        return Expect(session, second, block, (ushort)(drawn + 1), now) == 0 ? 0 : mapping;
    }

    private FlowKey FlowOf(uint session, byte protocol, ushort port, uint remote) => new()
    {
        InternalAddress = _sessions[session].InternalAddress,
        InternalPort = port,
        RemoteAddress = remote,
        Protocol = protocol,
    };

    private uint Expect(uint session, in FlowKey flow, uint block, ushort port, in WorkerTime now)
    {
        uint subscriber = _sessions[session].Subscriber;
        uint mapping = FindInternal(subscriber, flow, 0, out uint held);
        if (mapping != 0 && IsExpected(mapping, flow.RemoteAddress, now))
            return mapping;
        bool isNew = mapping == 0;
        if (_expected[subscriber] >= ExpectedPerSubscriberMax
            || RefuseByLimits(subscriber, flow.Protocol, now) != DropReason.None
            || (isNew && RefuseMapping(subscriber, flow.Protocol, held != 0, now.Tick) != DropReason.None))
        {
            mapping = 0;
        }
        else if (isNew && held != 0 && TryRevive(held, 0))
        {
            mapping = held;
        }
        else if (isNew)
        {
            mapping = block == 0 ? MakeMapping(subscriber, flow, 0, now, out _) : MakeAt(subscriber, flow, block, port);
        }

        if (mapping != 0 && isNew)
            WatchPorts(subscriber, now);
        if (mapping != 0 && !BeginExpected(mapping, flow, now))
        {
            if (isNew)
                FreeMapping(mapping, now.Tick);
            mapping = 0;
        }

        Commit();
        _counters[mapping == 0 ? CounterId.GatewayPinholesRefused : CounterId.GatewayPinholes]++;
        return mapping;
    }

    // Admitted already, and for as long as from now.
    private bool IsExpected(uint mapping, uint remote, in WorkerTime now)
    {
        ref readonly MappingRecord m = ref _mappings[mapping];
        if (m.State == MappingState.Static)
            return true;
        uint session = m.FirstSession;
        for (int i = 0; session != 0 && i < LivesWalked; i++)
        {
            ref SessionRecord s = ref _sessions[session];
            if (s.State == SessionState.Expected && s.RemoteAddress == remote)
            {
                s.LastActive = now.Tick;
                return true;
            }

            session = s.NextOfMapping;
        }

        return false;
    }

    private bool BeginExpected(uint mapping, in FlowKey flow, in WorkerTime now)
    {
        uint session = _sessions.Take();
        if (session == 0)
            return false;
        ref MappingRecord m = ref _mappings[mapping];
        ref SessionRecord s = ref _sessions[session];
        s = new SessionRecord
        {
            RemoteAddress = flow.RemoteAddress,
            InternalAddress = m.InternalAddress,
            InternalPort = m.InternalPort,
            ExternalAddress = m.ExternalAddress,
            ExternalPort = m.ExternalPort,
            Protocol = m.Protocol,
            Subscriber = m.Subscriber,
            Mapping = mapping,
            LastActive = now.Tick,
            Flags = FilteringMark(m),
        };
        Link(session, ref s, ref m);
        s.State = SessionState.Expected;
        ref SubscriberRecord subscriber = ref _subscribers[m.Subscriber];
        Kept(ref subscriber.SessionCount)++;
        Kept(ref _expected[m.Subscriber])++;
        subscriber.LastActive = now.Tick;
        Kept(ref _counters[CounterId.SessionsCreatedUdp + NatProtocol.Class(s.Protocol)])++;
        return true;
    }

    // Somebody from there is expected.
    private bool IsAwaited(in MappingRecord m, uint remote, uint tick)
    {
        uint session = m.FirstSession;
        for (int i = 0; session != 0 && i < FilterWalked; i++)
        {
            ref readonly SessionRecord s = ref _sessions[session];
            if (s.State == SessionState.Expected && (s.RemoteAddress == 0 || s.RemoteAddress == remote)
                && IsAlive(s, tick))
            {
                return true;
            }

            session = s.NextOfMapping;
        }

        return false;
    }

    private uint MakeAt(uint subscriber, in FlowKey flow, uint block, ushort port) => BeginMapping(
        new MappingRecord
        {
            Subscriber = subscriber,
            InternalAddress = flow.InternalAddress,
            InternalPort = flow.InternalPort,
            ExternalAddress = _blocks[block].ExternalAddress,
            ExternalPort = port,
            Protocol = flow.Protocol,
            Block = block,
            State = MappingState.Dynamic,
        },
        out _);

    // An even port that is free with the one after it; 0 when there is none to be had.
    private uint FindPair(uint subscriber, in FlowKey flow, in WorkerTime now, out ushort port)
    {
        uint block = _subscribers[subscriber].FirstBlock;
        for (int i = 0; block != 0 && i < BlocksWalked; i++)
        {
            if (TryPair(_blocks[block], flow, _subscribers[subscriber].Plan, now, out port))
                return block;
            block = _blocks[block].NextOfSubscriber;
        }

        block = GiveBlock(subscriber, now, out _);
        port = 0;
        return block != 0 && TryPair(_blocks[block], flow, _subscribers[subscriber].Plan, now, out port) ? block : 0;
    }

    private bool TryPair(in BlockRecord block, in FlowKey flow, ushort plan, in WorkerTime now, out ushort port)
    {
        ulong chance = _chance.Next();
        return TryFitting(block, flow, plan, Fit.Pair, (uint)chance, (uint)(chance >> 32) | 1, out port)
            && IsWishGranted(block, (ushort)(port + 1), flow, plan, now);
    }
}
