using System;
using System.Collections.Generic;

using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Control.Api.Problems;
using Cgn.Control.Configuration.Values;
using Cgn.Control.State.Listings;

namespace Cgn.Control.Api.Events;

/// <summary>Which events a follower wants.</summary>
/// <param name="Kinds">Kinds; none for all.</param>
/// <param name="Subscriber">Only of these; null for all.</param>
internal sealed record EventFilter(IReadOnlyCollection<EventKind> Kinds, SubscriberMatch? Subscriber)
{
    /// <summary>Reads a list of kinds with commas between.</summary>
    /// <exception cref="ApiProblem">One of them is none.</exception>
    public static EventFilter Of(string? kinds, SubscriberMatch? subscriber)
    {
        var wanted = new HashSet<EventKind>();
        foreach (string name in (kinds ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            wanted.Add(EventText.KindOf(name.Trim()) ?? throw ApiProblem.BadRequest(
                $"kind: '{name.Trim()}' is no kind of event; {string.Join(", ", EventText.Names)} would be"));
        }

        return new EventFilter(wanted, subscriber);
    }

    /// <summary>Whether an event is wanted.</summary>
    public bool Asks(in ForwarderEvent told, int maskBits) =>
        (Kinds.Count == 0 || ((HashSet<EventKind>)Kinds).Contains(told.Kind))
        && (Subscriber is null || (told.SubscriberKind != SubscriberKind.None
            && new ListingFilter(Subscriber, null).Asks(
                told.SubscriberKind == SubscriberKind.DsLite, told.SubscriberHigh, told.SubscriberLow, maskBits)));
}
