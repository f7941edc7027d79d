using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.State.Listings;

namespace Cgn.Control.Api.Records;

/// <summary>Finds the subscribers that carry most: looks at every one's counters twice, with a time between.</summary>
internal sealed class BusiestReader(RecordWalk walk)
{
    /// <summary>The busiest, by bytes of both directions; those that carried nothing are left out.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="time">The time between.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<IReadOnlyList<BusySubscriber>> ReadAsync(
        int count, TimeSpan time, CancellationToken cancellation)
    {
        var before = new Dictionary<(int, uint), (ulong Up, ulong Down)>();
        long start = Stopwatch.GetTimestamp();
        Visit((_, place, s) => before[place] = (s.BytesUp, s.BytesDown), cancellation);
        await Task.Delay(time, cancellation).ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var busiest = new PriorityQueue<BusySubscriber, ulong>();
        Visit(
            (moment, place, s) =>
            {
                (ulong up, ulong down) = before.GetValueOrDefault(place);
                // A record that has gone to somebody else meanwhile counts from 0.
                (up, down) = s.BytesUp < up || s.BytesDown < down
                    ? (s.BytesUp, s.BytesDown)
                    : (s.BytesUp - up, s.BytesDown - down);
                if (up + down == 0 || (busiest.Count == count && busiest.TryPeek(out _, out ulong least)
                        && least >= up + down))
                    return;
                busiest.Enqueue(Of(moment, s, up / seconds, down / seconds), up + down);
                if (busiest.Count > count)
                    busiest.Dequeue();
            },
            cancellation);
        return [.. busiest.UnorderedItems.OrderByDescending(static item => item.Priority)
            .Select(static item => item.Element)];
    }

    private static BusySubscriber Of(ReadMoment moment, in SubscriberRecord s, double up, double down) => new()
    {
        Subscriber = moment.Subscriber(s),
        Plan = PlanText.Plan(moment.View, s.Plan),
        BitsUp = Math.Round(8 * up),
        BitsDown = Math.Round(8 * down),
        SessionCount = s.SessionCount,
    };

    private void Visit(Action<ReadMoment, (int, uint), SubscriberRecord> visit, CancellationToken cancellation) =>
        walk.All<SubscriberRecord>(
            static shard => shard.Subscribers,
            (moment, shard, number, s) => visit(moment, (shard, number), s), cancellation);
}
