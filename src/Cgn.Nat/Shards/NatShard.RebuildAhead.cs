using Cgn.Contract.Records;
using Cgn.Memory;

namespace Cgn.Nat;

// What rebuilding is going to touch, asked for some records ahead: sixteen million records are otherwise as many times
// the memory's latency. Hints only; a record may be anything that a killed process left.
public sealed partial class NatShard
{
    private const uint Ahead = 16;

    private void AheadOfSubscriber(uint at)
    {
        at += Ahead;
        if (at < _subscribers.Fresh && _subscribers[at].IsLive)
            _keys.Prefetch(KeyHash(KeyOf(_subscribers[at])));
    }

    private void AheadOfMapping(uint at)
    {
        at += Ahead;
        if (at >= _mappings.Fresh)
            return;
        ref readonly MappingRecord m = ref _mappings[at];
        if (!m.IsLive)
            return;
        _external.Prefetch(ExternalHash(m.ExternalAddress, m.ExternalPort, m.Protocol, RemoteOf(m)));
        // Of an explicit one it depends on another record, which may be any.
        if (m.State != MappingState.Explicit)
            _internal.Prefetch(InternalHash(m));
        AheadOfOwner(m.Subscriber);
        if (m.Block < _blocks.Fresh)
            Prefetch.Line(ref _blocks[m.Block]);
    }

    private void AheadOfSession(uint at)
    {
        uint farther = at + (2 * Ahead);
        if (farther < _sessions.Fresh)
        {
            ref readonly SessionRecord f = ref _sessions[farther];
            _mappings.Prefetch(f.Mapping);
            AheadOfOwner(f.Subscriber);
        }

        uint nearer = at + Ahead;
        if (nearer >= _sessions.Fresh)
            return;
        ref readonly SessionRecord s = ref _sessions[nearer];
        if (!s.IsLive || s.Subscriber >= _subscribers.Fresh)
            return;
        _outbound.Prefetch(OutboundHash(KeyOf(_subscribers[s.Subscriber]), InternalFlow(s)));
        _inbound.Prefetch(InboundHash(ExternalFlow(s)));
        // The session before it in its mapping's chain is written, too.
        if (s.Mapping < _mappings.Fresh)
            _sessions.Prefetch(_mappings[s.Mapping].FirstSession);
    }

    private void AheadOfOwner(uint subscriber)
    {
        if (subscriber >= _subscribers.Fresh)
            return;
        _subscribers.Prefetch(subscriber);
        _subscribers.PrefetchSecond(subscriber);
    }
}
