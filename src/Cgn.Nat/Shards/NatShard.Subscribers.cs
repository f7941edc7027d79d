using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

// Subscribers: found, let in, and moved when their B4's address changes.
public sealed partial class NatShard
{
    /// <summary>The subscriber of a key, 0 for none.</summary>
    public uint FindSubscriber(in SubscriberKey key)
    {
        ref readonly SubscriberRecord likely = ref _subscribers[_likely];
        if (likely.IsLive && IsKey(likely, key))
            return _likely;
        HashProbe probe = _keys.Probe(KeyHash(key));
        while (probe.Next(out uint subscriber))
        {
            ref readonly SubscriberRecord s = ref _subscribers[subscriber];
            if (s.IsLive && IsKey(s, key))
                return subscriber;
        }

        return 0;
    }

    /// <summary>
    /// The external address that a subscriber is paired with, 0 for none: what errors of its own routers come from.
    /// </summary>
    public uint PairedAddress(uint subscriber) => _subscribers[subscriber].ExternalAddress;

    /// <summary>
    /// A packet came from a B4 address and to an AFTR address; when the B4's is new within the subscriber's prefix, the
    /// subscriber moves to it (RFC 7785 4.3), but not again within
    /// GatewaySettings.B4ChangeLimit.
    /// </summary>
    /// <param name="subscriber">The subscriber's number.</param>
    /// <param name="high">Upper half of the B4's address; 0 for NAT444.</param>
    /// <param name="low">Lower half; for NAT444 the customer's address, which never changes.</param>
    /// <param name="aftr">Number of the AFTR address that the packet was sent to.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when the packet is to be refused with <see cref="DropReason.B4AddressChange"/>.</returns>
    public bool AdmitB4Address(uint subscriber, ulong high, ulong low, byte aftr, in WorkerTime now)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        bool isNew = s.B4High != high || s.B4Low != low;
        if (isNew && s.CreatedAt != 0)
        {
            if (s.B4ChangedAt != 0 && now.Tick - s.B4ChangedAt < _settings.B4ChangeLimit)
            {
                TellLimit(subscriber, DropReason.B4AddressChange, default, now);
                return false;
            }

            s.B4ChangedAt = Stamp(now.Tick);
        }

        if (isNew)
        {
            Kept(ref s.B4High) = high;
            Kept(ref s.B4Low) = low;
            s.PathMtu = 0;
            // No longer what the next hop was looked up for.
            s.NextHopGeneration--;
            Commit();
        }

        s.AftrAddress = aftr;
        return true;
    }

    /// <summary>
    /// Whether it is known where to send what is for a subscriber. Not so for a B4 that only a static mapping names:
    /// which address of its prefix it has stands in its first packet.
    /// </summary>
    /// <param name="subscriber">A subscriber.</param>
    public bool IsPlaced(uint subscriber) =>
        _subscribers[subscriber] is not { CreatedAt: 0, Kind: SubscriberKind.DsLite } || _maskLow == ulong.MaxValue;

    private ulong KeyHash(in SubscriberKey key) =>
        Hash.Mix(Hash.Pair(key.High, key.Low, _secrets.Subscriber) + (ulong)key.Kind);

    /// <summary>The subscriber of a packet from inside, let in if it is new.</summary>
    /// <param name="key">Who sends.</param>
    /// <param name="b4High">Upper half of the B4's whole address; 0 for NAT444.</param>
    /// <param name="b4Low">Lower half; for NAT444 the customer's address.</param>
    /// <param name="aftr">Number of the AFTR address that it came to; 0 for NAT444.</param>
    /// <param name="now">The time.</param>
    /// <param name="refusal">Why not, or none.</param>
    /// <returns>The subscriber, 0 when refused.</returns>
    public uint Admit(
        in SubscriberKey key, ulong b4High, ulong b4Low, byte aftr, in WorkerTime now, out DropReason refusal)
    {
        refusal = DropReason.None;
        uint subscriber = FindSubscriber(key);
        if (subscriber == 0)
        {
            subscriber = MakeSubscriber(key, b4High, b4Low, out refusal);
            if (subscriber == 0)
                return 0;
        }

        ref SubscriberRecord s = ref _subscribers[subscriber];
        if (!IsServed(s))
        {
            if (s.CreatedAt == 0)
                (s.B4High, s.B4Low) = (b4High, b4Low);
            refusal = TurnAway(subscriber, now);
            return 0;
        }

        if (!AdmitB4Address(subscriber, b4High, b4Low, aftr, now))
        {
            refusal = DropReason.B4AddressChange;
            return 0;
        }

        if (s.CreatedAt == 0)
        {
            Kept(ref s.CreatedAt) = Stamp(now.Tick);
            s.LastActive = now.Tick;
            if (s.Kind == SubscriberKind.DsLite)
                Kept(ref _counters[CounterId.Softwires])++;
            TellSubscriber(EventKind.SubscriberSeen, subscriber, now.UnixMs);
        }

        Commit();

        return subscriber;
    }

    /// <summary>
    /// The subscriber of a packet that is carried untranslated, let in if it is new. Strangers outside can make records
    /// only while half the table is free.
    /// </summary>
    /// <param name="key">Who.</param>
    /// <param name="b4High">Upper half of the B4's whole address; 0 for NAT444.</param>
    /// <param name="b4Low">Lower half; for NAT444 the customer's address.</param>
    /// <param name="aftr">Number of the AFTR address that it came to, or that answers would come from.</param>
    /// <param name="fromInside">The subscriber sent it.</param>
    /// <param name="now">The time.</param>
    /// <param name="refusal">Why not, or none.</param>
    /// <returns>The subscriber, 0 when refused.</returns>
    public uint AdmitUntranslated(
        in SubscriberKey key, ulong b4High, ulong b4Low, byte aftr, bool fromInside, in WorkerTime now,
        out DropReason refusal)
    {
        uint subscriber = FindSubscriber(key);
        bool isKnown = subscriber != 0 && _subscribers[subscriber].CreatedAt != 0;
        refusal = DropReason.SubscribersFull;
        if (!fromInside && subscriber == 0 && _subscribers.Count >= _subscribers.Capacity / 2)
            return 0;
        if (fromInside || !isKnown)
            subscriber = Admit(key, b4High, b4Low, aftr, now, out refusal);
        else
            refusal = IsServed(_subscribers[subscriber]) ? DropReason.None : Unserved(_subscribers[subscriber].Plan);
        if (refusal != DropReason.None)
            return 0;
        _subscribers[subscriber].LastActive = now.Tick;
        return subscriber;
    }

    private uint MakeSubscriber(in SubscriberKey key, ulong b4High, ulong b4Low, out DropReason refusal)
    {
        ushort plan = _plans.Find(key);
        if (plan == PlanNumber.Refused)
        {
            refusal = DropReason.SubscriberRefused;
            return 0;
        }

        if (_subscribers.Count >= _subscribersMax)
        {
            refusal = DropReason.InstanceLimit;
            return 0;
        }

        refusal = DropReason.SubscribersFull;
        uint subscriber = _subscribers.Take();
        if (subscriber == 0)
            return 0;
        if (!_keys.Insert(KeyHash(key), subscriber))
        {
            _subscribers.Give(subscriber);
            return 0;
        }

        refusal = DropReason.None;
        ref SubscriberRecord s = ref _subscribers[subscriber];
        s = default;
        s.B4High = b4High;
        s.B4Low = b4Low;
        s.Plan = plan;
        s.Kind = key.Kind;
        Kept(ref _counters[CounterId.Subscribers]) = _subscribers.Count;
        return subscriber;
    }

    // Only with nothing left: no session, mapping or block.
    private void FreeSubscriber(uint subscriber, long unixMs)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        if (s.CreatedAt != 0 && s.Kind == SubscriberKind.DsLite)
            Kept(ref _counters[CounterId.Softwires])--;
        // Whoever granted it something must hear of its end, whether or not it ever used it.
        if (s.CreatedAt != 0 || PlanNumber.IsGranted(s.Plan))
            TellSubscriber(EventKind.SubscriberGone, subscriber, unixMs);

        _keys.Remove(KeyHash(KeyOf(s)), subscriber);
        _subscribers.Give(subscriber);
        Kept(ref _counters[CounterId.Subscribers]) = _subscribers.Count;
        Commit();
    }
}
