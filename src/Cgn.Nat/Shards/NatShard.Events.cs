using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Nat;

// What the control plane is told.
public sealed partial class NatShard
{
    private const uint LimitHitEveryTicks = Tick.PerSecond;

    /// <summary>An event that policy does not allow to be lost can't be written now.</summary>
    private bool MustNotLoseEvents =>
        _events is not null && _settings.OnOverflow == OverflowPolicy.Block && _events.Free == 0;

    private ForwarderEvent Event(EventKind kind, uint subscriber, long unixMs)
    {
        ref readonly SubscriberRecord s = ref _subscribers[subscriber];
        SubscriberKey key = KeyOf(s);
        return new ForwarderEvent
        {
            UnixMs = unixMs,
            SubscriberHigh = key.High,
            SubscriberLow = key.Low,
            Kind = kind,
            Shard = (byte)_shard,
            SubscriberKind = s.Kind,
            Plan = s.Plan,
            Subscriber = subscriber,
        };
    }

    // Part of the change under way: told when that is committed, or not at all.
    private void Tell(ref ForwarderEvent told)
    {
        if (_events is null)
            return;
        // A lost event takes its number with it: the gap shows.
        told.Sequence = ++Kept(ref _header[SequenceWord]);
        _counters[_events.TryStage(told, _journal) ? CounterId.EventsWritten : CounterId.EventsLost]++;
    }

    private void TellSubscriber(EventKind kind, uint subscriber, long unixMs)
    {
        ForwarderEvent told = Event(kind, subscriber, unixMs);
        told.ExternalAddress = _subscribers[subscriber].ExternalAddress;
        Tell(ref told);
    }

    private void TellBlock(EventKind kind, uint subscriber, in BlockRecord block, long unixMs)
    {
        ForwarderEvent told = Event(kind, subscriber, unixMs);
        told.ExternalAddress = block.ExternalAddress;
        told.ExternalPort = block.FirstPort;
        told.LastPort = block.LastPort;
        if (kind == EventKind.BlockReleased)
            told.AllocatedUnixSeconds = block.AllocatedUnixSeconds;
        Tell(ref told);
    }

    private void TellSession(EventKind kind, in SessionRecord s, long unixMs)
    {
        ForwarderEvent told = Event(kind, s.Subscriber, unixMs);
        ref readonly SubscriberRecord subscriber = ref _subscribers[s.Subscriber];
        if (subscriber.Kind == SubscriberKind.DsLite && (subscriber.B4High | subscriber.B4Low) != 0)
        {
            // The softwire is named by its B4's whole address (RFC 6333 section 11).
            told.SubscriberHigh = subscriber.B4High;
            told.SubscriberLow = subscriber.B4Low;
        }

        told.ExternalAddress = s.ExternalAddress;
        told.ExternalPort = s.ExternalPort;
        told.InternalAddress = s.InternalAddress;
        told.InternalPort = s.InternalPort;
        if (_settings.DestinationLogging)
        {
            told.RemoteAddress = s.RemoteAddress;
            told.RemotePort = s.RemotePort;
        }

        told.Protocol = s.Protocol;
        Tell(ref told);
    }

    // At most one a subscriber and second (RFC 6888 REQ-11c asks for limits on this).
    private void TellLimit(uint subscriber, DropReason reason, in FlowKey flow, in WorkerTime now)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        // Of those that are not served the tick says when their policy was asked for last.
        if (!IsServed(s) || (s.LimitHitAt != 0 && now.Tick - s.LimitHitAt < LimitHitEveryTicks))
            return;
        s.LimitHitAt = Stamp(now.Tick);
        ForwarderEvent told = Event(EventKind.LimitHit, subscriber, now.UnixMs);
        told.ExternalAddress = s.ExternalAddress;
        told.Protocol = flow.Protocol;
        told.Reason = reason;
        Tell(ref told);
        Commit();
    }

    // A tick that is a mark as well: 0 means none.
    private static uint Stamp(uint tick) => tick == 0 ? 1 : tick;
}
