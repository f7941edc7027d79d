using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

using Cgn.Contract.Pools;
using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Access;

/// <summary>What is remembered of each subscriber: the last Access-Accept, and before when it is not asked for again.
/// Bounded: whoever was heard of longest ago is forgotten first.</summary>
/// <param name="settings">How long and how many.</param>
internal sealed class AccessMemory(AccessSettings settings)
{
    private const double Jitter = 0.2;
    private const int DoublingsMax = 20;

    private readonly Dictionary<SubscriberId, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = [];
    private readonly Lock _gate = new();

    /// <summary>The subscriber may be asked for.</summary>
    public bool MayAsk(SubscriberId who, DateTimeOffset now)
    {
        lock (_gate)
            return !_entries.TryGetValue(who, out LinkedListNode<Entry>? node) || now >= node.Value.NotBefore;
    }

    /// <summary>The subscriber was rejected last, and so not long ago that it would be asked for again.</summary>
    public bool IsRejected(SubscriberId who, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(who, out LinkedListNode<Entry>? node)
                && node.Value.IsRejected && now < node.Value.NotBefore;
        }
    }

    /// <summary>A server accepts the subscriber.</summary>
    public void Accepted(SubscriberId who, IReadOnlyList<RadiusAttribute> attributes, DateTimeOffset now) =>
        Put(new Entry(who) { Attributes = attributes, AnsweredAt = now, NotBefore = now });

    /// <summary>A server rejects it.</summary>
    public void Rejected(SubscriberId who, DateTimeOffset now) =>
        Put(new Entry(who) { IsRejected = true, NotBefore = now + settings.RejectTime });

    /// <summary>No server answers.</summary>
    public void Unanswered(SubscriberId who, DateTimeOffset now)
    {
        lock (_gate)
        {
            Entry before = _entries.TryGetValue(who, out LinkedListNode<Entry>? node) ? node.Value : new Entry(who);
            double factor = Math.Pow(2, Math.Min(before.Failures, DoublingsMax));
            TimeSpan wait = settings.BackOff * factor;
            if (wait > settings.BackOffMax)
                wait = settings.BackOffMax;
            Put(before with
            {
                Failures = before.Failures + 1,
                IsRejected = false,
                NotBefore = now + (wait * (1 + (Random.Shared.NextDouble() * Jitter))),
            });
        }
    }

    /// <summary>The last Access-Accept, while it may still serve.</summary>
    public bool TryRecall(
        SubscriberId who, DateTimeOffset now, [NotNullWhen(true)] out IReadOnlyList<RadiusAttribute>? attributes)
    {
        lock (_gate)
        {
            attributes = _entries.TryGetValue(who, out LinkedListNode<Entry>? node)
                && now - node.Value.AnsweredAt < settings.CacheTime ? node.Value.Attributes : null;
            return attributes is not null;
        }
    }

    private void Put(Entry entry)
    {
        lock (_gate)
        {
            if (_entries.Remove(entry.Who, out LinkedListNode<Entry>? old))
                _byAge.Remove(old);
            _entries[entry.Who] = _byAge.AddLast(entry);
            if (_entries.Count <= settings.CacheMax)
                return;
            _entries.Remove(_byAge.First!.Value.Who);
            _byAge.RemoveFirst();
        }
    }

    private sealed record Entry(SubscriberId Who)
    {
        public IReadOnlyList<RadiusAttribute>? Attributes { get; init; }

        public DateTimeOffset AnsweredAt { get; init; }

        public DateTimeOffset NotBefore { get; init; }

        public int Failures { get; init; }

        public bool IsRejected { get; init; }
    }
}
