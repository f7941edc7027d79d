using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

// What established traffic needs. Nothing here branches on configuration: timers and refresh rules are tables by
// session state.
public sealed partial class NatShard
{
    /// <summary>The hash of an outbound packet, from the packet alone.</summary>
    /// <param name="key">Its subscriber.</param>
    /// <param name="flow">Its endpoints; the local one is internal.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong OutboundHash(in SubscriberKey key, in FlowKey flow) =>
        Hash.Pair(Addresses(flow) ^ Hash.Pair(key.High, key.Low, _secrets.Subscriber), Ports(flow), _secrets.Outbound);

    /// <summary>The hash of an inbound packet, from the packet alone.</summary>
    /// <param name="flow">Its endpoints; the local one is external.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong InboundHash(in FlowKey flow) => Hash.Pair(Addresses(flow), Ports(flow), _secrets.Inbound);

    /// <summary>Asks the processor for the index bucket of an outbound hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchOutbound(ulong hash) => _outbound.Prefetch(hash);

    /// <summary>Asks the processor for the index bucket of an inbound hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchInbound(ulong hash) => _inbound.Prefetch(hash);

    /// <summary>
    /// The session that an outbound hash probably means, 0 for none; to be verified by <see cref="IsOutbound"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint OutboundCandidate(ulong hash) => _outbound.First(hash);

    /// <summary>
    /// The session that an inbound hash probably means, 0 for none; to be verified by <see cref="IsInbound"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint InboundCandidate(ulong hash) => _inbound.First(hash);

    /// <summary>Asks the processor for where an outbound session may lie that its own bucket had no room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchOutboundNext(ulong hash) => _outbound.PrefetchNext(hash);

    /// <summary>Asks the processor for where an inbound session may lie that its own bucket had no room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchInboundNext(ulong hash) => _inbound.PrefetchNext(hash);

    /// <summary>Like <see cref="OutboundCandidate"/>, of the sessions that their own bucket had no room for.</summary>
    public uint OutboundCandidateNext(ulong hash) => _outbound.FirstOverflowed(hash);

    /// <summary>Like <see cref="InboundCandidate"/>, of the sessions that their own bucket had no room for.</summary>
    public uint InboundCandidateNext(ulong hash) => _inbound.FirstOverflowed(hash);

    /// <summary>Asks the processor for a session's record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchSession(uint session) => _sessions.Prefetch(session);

    /// <summary>Asks the processor for the record of a session's subscriber; reads the session's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchSubscriberOf(uint session) => _subscribers.Prefetch(_sessions[session].Subscriber);

    /// <summary>The session is alive and the one of an outbound packet.</summary>
    /// <param name="session">A candidate; 0 is nobody's.</param>
    /// <param name="key">The packet's subscriber.</param>
    /// <param name="flow">Its endpoints.</param>
    /// <param name="tick">Now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOutbound(uint session, in SubscriberKey key, in FlowKey flow, uint tick)
    {
        ref readonly SessionRecord s = ref _sessions[session];
        return IsAlive(s, tick) & HasKeys(s, key, flow);
    }

    /// <summary>
    /// The session is alive and the one of an outbound packet, and the subscriber's B4 is the one that sends: what
    /// holds for established traffic, and implies <see cref="IsOutbound"/>.
    /// </summary>
    /// <param name="session">A candidate; 0 is nobody's.</param>
    /// <param name="kind">How the packet's subscriber is attached.</param>
    /// <param name="b4High">Upper half of the B4's whole address; 0 for NAT444.</param>
    /// <param name="b4Low">Lower half; for NAT444 the customer's address.</param>
    /// <param name="flow">The packet's endpoints.</param>
    /// <param name="tick">Now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOutboundFrom(
        uint session, SubscriberKind kind, ulong b4High, ulong b4Low, in FlowKey flow, uint tick)
    {
        ref readonly SessionRecord s = ref _sessions[session];
        ref readonly SubscriberRecord subscriber = ref _subscribers[s.Subscriber];
        uint differs = (s.RemoteAddress ^ flow.RemoteAddress) | (s.InternalAddress ^ flow.InternalAddress)
            | ((uint)s.RemotePort ^ flow.RemotePort) | ((uint)s.InternalPort ^ flow.InternalPort)
            | ((uint)s.Protocol ^ flow.Protocol) | ((uint)subscriber.Kind ^ (uint)kind);
        ulong other = (subscriber.B4High ^ b4High) | (subscriber.B4Low ^ b4Low) | differs;
        return other == 0 && IsAlive(s, tick);
    }

    /// <summary>The session is alive and the one of an inbound packet.</summary>
    /// <param name="session">A candidate; 0 is nobody's.</param>
    /// <param name="flow">The packet's endpoints; the local one is external.</param>
    /// <param name="tick">Now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsInbound(uint session, in FlowKey flow, uint tick)
    {
        ref readonly SessionRecord s = ref _sessions[session];
        uint differs = (s.RemoteAddress ^ flow.RemoteAddress) | (s.ExternalAddress ^ flow.InternalAddress)
            | ((uint)s.RemotePort ^ flow.RemotePort) | ((uint)s.ExternalPort ^ flow.InternalPort)
            | ((uint)s.Protocol ^ flow.Protocol);
        return differs == 0 && IsAlive(s, tick);
    }

    /// <summary>The live session of an outbound packet, 0 for none.</summary>
    /// <param name="hash">Its <see cref="OutboundHash"/>.</param>
    /// <param name="key">Its subscriber.</param>
    /// <param name="flow">Its endpoints.</param>
    /// <param name="tick">Now.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint FindOutbound(ulong hash, in SubscriberKey key, in FlowKey flow, uint tick)
    {
        HashProbe probe = _outbound.Probe(hash);
        while (probe.Next(out uint session))
        {
            if (IsOutbound(session, key, flow, tick))
                return session;
        }

        return 0;
    }

    /// <summary>The live session of an inbound packet, 0 for none.</summary>
    /// <param name="hash">Its <see cref="InboundHash"/>.</param>
    /// <param name="flow">Its endpoints; the local one is external.</param>
    /// <param name="tick">Now.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint FindInbound(ulong hash, in FlowKey flow, uint tick)
    {
        HashProbe probe = _inbound.Probe(hash);
        while (probe.Next(out uint session))
        {
            if (IsInbound(session, flow, tick))
                return session;
        }

        return 0;
    }

    /// <summary>
    /// An outbound packet was carried: starts the timer anew (RFC 4787 REQ-6). TCP is left to <see cref="TcpTracker"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TouchOutbound(ref SessionRecord s, uint tick) =>
        s.LastActive += (tick - s.LastActive) & _refreshOutbound[(int)s.State & (States - 1)];

    /// <summary>
    /// An inbound packet was carried: starts the timer anew if inbound refresh is on (RFC 4787 REQ-6a). TCP is left to
    /// <see cref="TcpTracker"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TouchInbound(ref SessionRecord s, uint tick) =>
        s.LastActive += (tick - s.LastActive) & _refreshInbound[(int)s.State & (States - 1)];

    /// <summary>The session's timer has not passed; false for a free record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAlive(in SessionRecord s, uint tick) => tick - s.LastActive < _lifeTicks[(int)s.State & (States - 1)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Addresses(in FlowKey flow) => ((ulong)flow.InternalAddress << 32) | flow.RemoteAddress;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Ports(in FlowKey flow) =>
        ((ulong)flow.InternalPort << 48) | ((ulong)flow.RemotePort << 32) | flow.Protocol;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasKeys(in SessionRecord s, in SubscriberKey key, in FlowKey flow)
    {
        ref readonly SubscriberRecord subscriber = ref _subscribers[s.Subscriber];
        uint differs = (s.RemoteAddress ^ flow.RemoteAddress) | (s.InternalAddress ^ flow.InternalAddress)
            | ((uint)s.RemotePort ^ flow.RemotePort) | ((uint)s.InternalPort ^ flow.InternalPort)
            | ((uint)s.Protocol ^ flow.Protocol);
        return (differs == 0) & IsKey(subscriber, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsKey(in SubscriberRecord subscriber, in SubscriberKey key)
    {
        // A NAT444 address is compared whole: all ones in place of the mask.
        ulong whole = key.Kind == SubscriberKind.Nat444 ? ulong.MaxValue : 0;
        ulong differs = ((subscriber.B4High ^ key.High) & (_maskHigh | whole))
            | ((subscriber.B4Low ^ key.Low) & (_maskLow | whole));
        return (differs == 0) & (subscriber.Kind == key.Kind);
    }
}
