using System;
using System.Collections.Concurrent;

using Cgn.Contract;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Hosting;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.State;
using Cgn.Memory.Arenas;

namespace Cgn.Control.Policy;

/// <summary>
/// Where subscribers' records lie, as events have told: a hint, which is verified against the record each time. So a
/// million subscribers are found without looking at all of them.
/// </summary>
/// <param name="attachment">The records.</param>
internal sealed class SubscriberPlaces(GatewayAttachment attachment)
{
    private readonly ConcurrentDictionary<SubscriberId, Place> _places = [];

    /// <summary>Subscribers whose place is known.</summary>
    public int Count => _places.Count;

    /// <summary>A subscriber's record lies here.</summary>
    public void Put(SubscriberId who, int shard, uint number)
    {
        if (_places.TryGetValue(who, out Place? there) && there.Shard == shard && there.Number == number)
            return;
        _places[who] = new Place(shard, number);
    }

    /// <summary>A subscriber's record was freed.</summary>
    public void Remove(SubscriberId who, int shard, uint number)
    {
        if (_places.TryGetValue(who, out Place? there) && there.Shard == shard && there.Number == number)
            _places.TryRemove(who, out _);
    }

    /// <summary>Forgets all of them: other records lie there now.</summary>
    public void Clear() => _places.Clear();

    /// <summary>The shard of a subscriber.</summary>
    /// <returns>False when it is not known.</returns>
    public bool TryShard(SubscriberId who, out int shard)
    {
        bool isKnown = _places.TryGetValue(who, out Place? there);
        shard = isKnown ? there!.Shard : 0;
        return isKnown;
    }

    /// <summary>Copies a subscriber's record.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRead(SubscriberId who, out SubscriberRecord record)
    {
        record = default;
        if (!_places.TryGetValue(who, out Place? there))
            return false;
        (bool isFound, record) = attachment.Read(view => Read(view, who, there));
        return isFound;
    }

    /// <summary>What a subscriber has used.</summary>
    /// <returns>False when it has no record.</returns>
    public bool TryUsage(SubscriberId who, DateTimeOffset now, out SubscriberUsage usage)
    {
        usage = default;
        if (!TryRead(who, out SubscriberRecord s) || !_places.TryGetValue(who, out Place? there))
            return false;
        ulong packetsUp = s.PacketsUp | ((ulong)s.PacketsUpHigh << 32);
        ulong packetsDown = s.PacketsDown | ((ulong)s.PacketsDownHigh << 32);
        DateTimeOffset session = now - TimeSpan.FromSeconds(
            (Tick.At(Monotonic.NowNs) - s.LastActive) / (double)Tick.PerSecond);
        // The record knows when a session began or ended; that one carries packets shows in the counters.
        DateTimeOffset active = there.Look(packetsUp + packetsDown, now);
        usage = new SubscriberUsage(
            s.BytesUp, s.BytesDown, packetsUp, packetsDown, session > active ? session : active);
        return true;
    }

    /// <summary>The key of a record.</summary>
    /// <param name="s">A live record.</param>
    /// <param name="maskBits">Bits of a B4's address that name the subscriber.</param>
    public static SubscriberId KeyOf(in SubscriberRecord s, int maskBits)
    {
        if (s.Kind != SubscriberKind.DsLite)
            return new SubscriberId(s.Kind, s.B4High, s.B4Low);
        return new SubscriberId(
            s.Kind, s.B4High & LeadingOnes(maskBits), s.B4Low & LeadingOnes(maskBits - 64));
    }

    private static (bool IsFound, SubscriberRecord Record) Read(StateView view, SubscriberId who, Place there)
    {
        if (there.Shard >= view.Shards.Length)
            return default;
        NativeArray<SubscriberRecord> records = view.Shards[there.Shard].Subscribers;
        if (there.Number >= records.Length)
            return default;
        SubscriberRecord record = records[there.Number];
        GatewaySettings settings = view.Snapshot.Settings;
        return (record.IsLive && KeyOf(record, settings.SubscriberMaskV6) == who, record);
    }

    private static ulong LeadingOnes(int bits) =>
        bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - bits);

    private sealed class Place(int shard, uint number)
    {
        private ulong _packets;
        private DateTimeOffset _activeAt = DateTimeOffset.MinValue;

        public int Shard => shard;

        public uint Number => number;

        // When the counters were last seen to have moved.
        public DateTimeOffset Look(ulong packets, DateTimeOffset now)
        {
            lock (this)
            {
                if (packets != _packets)
                    (_packets, _activeAt) = (packets, now);
                return _activeAt;
            }
        }
    }
}
