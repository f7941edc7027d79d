using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// The operator is told of subscribers that use more than is usual (RFC 7659, RFC 7870): when a count reaches the plan's
// threshold, and of one subscriber and count not again within an interval.
public sealed partial class NatShard
{
    // Ticks at which each subscriber, by its record, was told of last; empty while no plan has thresholds. A record
    // that has changed hands may keep its new owner quiet for an interval.
    private uint[] _portsToldAt = [];
    private uint[] _sessionsToldAt = [];

    private void TakeSubscriberThresholds()
    {
        bool hasPorts = Array.Exists(_snapshot.Plans, static plan => plan.PortThreshold != 0);
        bool hasSessions = Array.Exists(_snapshot.Plans, static plan => plan.SessionThreshold != 0);
        if (hasPorts && _portsToldAt.Length == 0)
            _portsToldAt = new uint[_subscribers.Capacity + 1];
        if (hasSessions && _sessionsToldAt.Length == 0)
            _sessionsToldAt = new uint[_subscribers.Capacity + 1];
    }

    // One more port is in use.
    private void WatchPorts(uint subscriber, in WorkerTime now)
    {
        ref readonly SubscriberRecord s = ref _subscribers[subscriber];
        uint threshold = _limits[s.Plan].PortThreshold;
        uint ports = (uint)(s.PortsUdp + s.PortsTcp + s.PortsIcmp + s.PortsOther);
        if (ports == threshold && IsDue(_portsToldAt, subscriber, now.Tick))
            TellReached(WatchedResource.SubscriberPorts, subscriber, threshold, now.UnixMs);
    }

    // There is one more session.
    private void WatchSessions(uint subscriber, in WorkerTime now)
    {
        ref readonly SubscriberRecord s = ref _subscribers[subscriber];
        uint threshold = _limits[s.Plan].SessionThreshold;
        if (s.SessionCount == threshold && IsDue(_sessionsToldAt, subscriber, now.Tick))
            TellReached(WatchedResource.SubscriberSessions, subscriber, threshold, now.UnixMs);
    }

    private bool IsDue(uint[] toldAt, uint subscriber, uint tick)
    {
        if (subscriber >= toldAt.Length)
            return false;
        ref uint last = ref toldAt[subscriber];
        if (last != 0 && tick - last < _settings.Thresholds.SubscriberInterval)
            return false;
        last = Stamp(tick);
        return true;
    }

    private void TellReached(WatchedResource resource, uint subscriber, uint threshold, long unixMs)
    {
        _counters[resource == WatchedResource.SubscriberPorts
            ? CounterId.ThresholdsSubscriberPorts : CounterId.ThresholdsSubscriberSessions]++;
        ForwarderEvent told = Event(EventKind.ThresholdCrossed, subscriber, unixMs);
        told.ExternalAddress = _subscribers[subscriber].ExternalAddress;
        told.Resource = resource;
        told.Level = threshold;
        told.Capacity = threshold;
        Tell(ref told);
    }
}
