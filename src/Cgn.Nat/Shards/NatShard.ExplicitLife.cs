using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Memory.Tables;
using Cgn.Wire;

namespace Cgn.Nat;

// How explicit mappings are found, whom they admit, and how they end.
public sealed partial class NatShard
{
    // How long a call outlives its control connection: what is under way still arrives.
    private const uint CallGraceTicks = 60 * Tick.PerSecond;

    // Calls are looked for without knowing which of a host's it is, so all calls to one remote are indexed together.
    private ulong InternalHash(in MappingRecord m) => IsCall(m)
        ? InternalHash(m.Subscriber, m.InternalAddress, 0, m.Protocol, _explicit[m.Aux].RemoteAddress)
        : InternalHash(m.Subscriber, m.InternalAddress, m.InternalPort, m.Protocol, DiscriminatorOf(m));

    private uint FindCall(uint subscriber, in FlowKey flow, bool anyCall)
    {
        HashProbe probe = _internal.Probe(
            InternalHash(subscriber, flow.InternalAddress, 0, flow.Protocol, flow.RemoteAddress));
        while (probe.Next(out uint mapping))
        {
            ref readonly MappingRecord m = ref _mappings[mapping];
            if (m.State == MappingState.Explicit && m.Subscriber == subscriber
                && m.InternalAddress == flow.InternalAddress && m.Protocol == flow.Protocol
                && (anyCall || m.InternalPort == flow.InternalPort)
                && _explicit[m.Aux].RemoteAddress == flow.RemoteAddress)
            {
                return mapping;
            }
        }

        return 0;
    }

    private bool ExplicitLives(in MappingRecord m, uint tick)
    {
        ref readonly ExplicitRecord e = ref _explicit[m.Aux];
        return e.Control != 0 || (int)(e.EndsAt - tick) > 0;
    }

    // Whoever asked wants to be reached, whatever the filter is (RFC 6887 section 11).
    private bool IsOpenTo(in MappingRecord m, uint remoteAddress, uint tick)
    {
        if (m.State != MappingState.Explicit || !ExplicitLives(m, tick))
            return m.State == MappingState.Static;
        ref readonly ExplicitRecord e = ref _explicit[m.Aux];
        return e.RemoteAddress == 0 || e.RemoteAddress == remoteAddress;
    }

    private bool IsCall(in MappingRecord m) =>
        m.State == MappingState.Explicit && _explicit[m.Aux].Kind == ExplicitKind.Call;

    private void SweepExplicit(uint mapping, in WorkerTime now)
    {
        ref readonly MappingRecord m = ref _mappings[mapping];
        ref ExplicitRecord e = ref _explicit[m.Aux];
        if (e.Control != 0 && !ControlLives(m, e, now.Tick))
        {
            Kept(ref e.Control) = 0;
            Kept(ref e.EndsAt) = now.Tick + CallGraceTicks;
            Commit();
        }

        if (!ExplicitLives(m, now.Tick))
            EndExplicit(mapping, now);
    }

    // The session that was named, and not another in its place.
    private bool ControlLives(in MappingRecord m, in ExplicitRecord e, uint tick)
    {
        if (e.Control >= _sessions.Fresh)
            return false;
        ref readonly SessionRecord s = ref _sessions[e.Control];
        return s.Protocol == (byte)IpProtocol.Tcp && s.Subscriber == m.Subscriber
            && s.InternalAddress == m.InternalAddress && s.RemoteAddress == e.RemoteAddress && IsAlive(s, tick)
            && s.State is not (SessionState.TcpClosing or SessionState.TcpTransitory);
    }

    // The mapping's record still says explicit.
    private void ForgetExplicit(in MappingRecord m)
    {
        if (IsCall(m))
            Unclaim(m.ExternalAddress, _explicit[m.Aux].RemoteAddress, m.Protocol, m.ExternalPort);
        _explicit.Give(m.Aux);
        Kept(ref _subscribers[m.Subscriber].ExplicitCount)--;
    }

    // Before a mapping is indexed anew: one whose record is not its own has lost what was asked for. A call then no
    // longer fits.
    private void SettleExplicit(uint mapping, ref MappingRecord m)
    {
        if (m.State != MappingState.Explicit || (m.Aux < _explicit.Fresh && IsOf(_explicit[m.Aux], mapping, m)))
            return;

        m.Aux = 0;
        m.State = MappingState.Dynamic;
    }

    private static bool IsOf(in ExplicitRecord e, uint mapping, in MappingRecord m) =>
        e.Mapping == mapping && e.Kind is >= ExplicitKind.Map and <= ExplicitKind.Pinhole
        && e.Kind == ExplicitKind.Call != NatProtocol.HasPorts(m.Protocol);

    // Its host must be able to tell (RFC 6887 section 8.5).
    private void Lose(uint record, in WorkerTime now)
    {
        LeaveOut(_explicit, record);
        Kept(ref _header[EpochWord]) = now.Tick;
        Commit();
    }

    private void RebuildExplicit(in WorkerTime now)
    {
        // Nobody is granted more, whoever asks.
        ulong most = Math.Max(
            Math.Max(_settings.Pcp.LifetimeMin, _settings.Pcp.LifetimeMax) * (ulong)Tick.PerSecond,
            Math.Max(_settings.PinholeTimeout, CallGraceTicks));
        for (uint i = 1; i < _explicit.Fresh; i++)
        {
            ref ExplicitRecord e = ref _explicit[i];
            if (!e.IsLive)
                continue;
            bool isOwned = e.Mapping < _mappings.Fresh
                && _mappings[e.Mapping] is { State: MappingState.Explicit } m && m.Aux == i;
            if (!isOwned)
            {
                Lose(i, now);
                continue;
            }

            _subscribers[_mappings[e.Mapping].Subscriber].ExplicitCount++;
            e.EndsAt = NoLaterThan(e.EndsAt, most, now.Tick);
        }
    }
}
