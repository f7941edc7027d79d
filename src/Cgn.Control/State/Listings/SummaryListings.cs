using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Control.Hosting.Metrics;

namespace Cgn.Control.State.Listings;

/// <summary>Listings of what is counted: pools, workers, drops.</summary>
public static class SummaryListings
{
    private const double NsPerSecond = 1e9;
    private const int Digits = 4;

    /// <summary>Pools and how far they are used.</summary>
    /// <param name="view">The gateway's state.</param>
    public static Listing Pools(StateView view)
    {
        PoolSettings[] pools = view.Snapshot.Pools;
        return new Listing(
            ["pool", "addresses", "port_range", "port_set_size", "port_blocks", "used", "utilisation"],
            BlockUse.Of(view).Pools.Select((use, number) => new object?[]
            {
                use.Name, use.Addresses, $"{pools[number].FirstPort}-{pools[number].LastPort}",
                pools[number].PortSetSize, use.Blocks, use.BlocksUsed, Math.Round(use.Utilisation, Digits),
            }));
    }

    /// <summary>Workers: one a shard.</summary>
    /// <param name="view">The gateway's state.</param>
    public static Listing Workers(StateView view) => new(
        [
            "shard", "cpu", "received", "transmitted", "dropped", "busy_ratio", "batch_size", "handoffs_sent",
            "handoffs_received", "events_waiting", "events_lost", "subscribers", "alive_seconds",
        ],
        Enumerable.Range(0, view.Shards.Length).Select(shard =>
        {
            CounterBlock counters = view.Counters(shard);
            int[] cpus = view.Snapshot.WorkerCpus;
            return new object?[]
            {
                shard, shard < cpus.Length ? cpus[shard] : null, counters[CounterId.Received],
                counters[CounterId.Transmitted], counters[CounterId.Dropped],
                Ratio(counters, CounterId.BusyNs, CounterId.AliveNs),
                Ratio(counters, CounterId.Received, CounterId.BusyTurns),
                counters[CounterId.HandoffsSent], counters[CounterId.HandoffsReceived], view.EventRing(shard).Depth,
                counters[CounterId.EventsLost], counters[CounterId.Subscribers],
                Math.Round(counters[CounterId.AliveNs] / NsPerSecond, 1),
            };
        }));

    /// <summary>
    /// Reasons for which packets were dropped, most frequent first; those that never happened are left out.
    /// </summary>
    /// <param name="view">The gateway's state.</param>
    public static Listing Drops(StateView view) => new(
        ["reason", "packets"],
        from reason in DropReasonText.All
        let packets = Enumerable.Range(0, view.Shards.Length).Sum(shard => view.Counters(shard)[reason])
        where packets != 0
        orderby packets descending
        select new object?[] { DropReasonText.Name(reason), packets });

    private static double Ratio(CounterBlock counters, CounterId part, CounterId whole) =>
        Math.Round((double)counters[part] / Math.Max(1, counters[whole]), Digits);
}
