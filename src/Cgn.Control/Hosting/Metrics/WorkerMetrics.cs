using System;
using System.Globalization;
using System.Linq;

using Cgn.Contract.Counting;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>The families of each worker, by shard, and the latency inside the gateway.</summary>
internal static class WorkerMetrics
{
    // From 128 ns to one second; what takes longer is beyond all hope and counted in the last one.
    private const int SmallestTimeBucket = 7;
    private const int TimeBuckets = 24;
    private const int LargestBatchBucket = 11;
    private const double NsPerSecond = 1e9;

    public static void Add(MetricFamilies<GatewaySample> families, int shards)
    {
        Each(families, shards, CounterId.HandoffsSent, "cgn_handoffs_sent_total", "Frames given to another worker.");
        Each(
            families, shards, CounterId.HandoffsReceived, "cgn_handoffs_received_total",
            "Frames taken from another worker.");
        Each(
            families, shards, CounterId.EventsWritten, "cgn_events_written_total", "Events told to the control plane.");
        Each(
            families, shards, CounterId.EventsLost, "cgn_events_lost_total",
            "Events lost because the event ring was full.");
        families.Gauge("cgn_event_ring_depth", "Events that wait for the control plane.", "shard");
        ForShards(families, shards, static (sample, shard) => sample.View.EventRing(shard).Depth);
        families.Gauge("cgn_event_ring_capacity", "Events that fit into the ring.", "shard");
        ForShards(families, shards, static (sample, shard) => sample.View.EventRing(shard).Capacity);
        Each(families, shards, CounterId.Turns, "cgn_worker_turns_total", "Turns of the worker's loop.");
        Each(
            families, shards, CounterId.BusyTurns, "cgn_worker_busy_turns_total",
            "Turns in which the worker had frames.");
        Each(
            families, shards, CounterId.BusyNs, "cgn_worker_busy_seconds_total",
            "Time of turns in which the worker had frames.", NsPerSecond);
        Each(
            families, shards, CounterId.AliveNs, "cgn_worker_alive_seconds_total",
            "Time since the worker started.", NsPerSecond);
        families.Gauge("cgn_worker_busy_ratio", "Part of its life in which the worker had frames, 0 to 1.", "shard");
        ForShards(
            families, shards, static (sample, shard) => Ratio(sample, shard, CounterId.BusyNs, CounterId.AliveNs));
        families.Gauge("cgn_worker_batch_size", "Frames received in a turn that had frames, on average.", "shard");
        ForShards(
            families, shards, static (sample, shard) => Ratio(sample, shard, CounterId.Received, CounterId.BusyTurns));
        families.Gauge(
            "cgn_worker_allocated_bytes", "Managed memory that the worker allocated since it forwards: 0 is "
            + "right.", "shard");
        ForShards(families, shards, static (sample, shard) => sample.View.Counters(shard)[CounterId.AllocatedBytes]);
        families.Gauge(
            "cgn_forwarder_collections", "Garbage collections in the forwarder since it forwards: 0 is right.")
            .Series(static sample => sample.View.Counters(0)[CounterId.Collections]);
        families.Gauge("cgn_frames_unaccounted", "Frames that left the books without a trace: 0 at rest, or a fault.")
            .Series(static sample => Enumerable.Range(0, sample.View.Shards.Length)
                .Sum(shard => sample.View.Counters(shard).Unaccounted()));
        Histograms(families);
    }

    private static double Ratio(GatewaySample sample, int shard, CounterId part, CounterId whole)
    {
        CounterBlock counters = sample.View.Counters(shard);
        return (double)counters[part] / Math.Max(1, counters[whole]);
    }

    private static void Each(
        MetricFamilies<GatewaySample> families, int shards, CounterId id, string name, string help, double divisor = 1)
    {
        families.Counter(name, help, "shard");
        ForShards(families, shards, (sample, shard) => sample.View.Counters(shard)[id] / divisor);
    }

    private static void ForShards(
        MetricFamilies<GatewaySample> families, int shards, Func<GatewaySample, int, double> read)
    {
        for (int i = 0; i < shards; i++)
        {
            int shard = i;
            families.Series(sample => read(sample, shard), shard.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Histograms(MetricFamilies<GatewaySample> families)
    {
        double[] seconds = [.. Enumerable.Range(SmallestTimeBucket, TimeBuckets)
            .Select(static bucket => Math.ScaleB(1, bucket) / NsPerSecond)];
        families.Histogram(
            "cgn_packet_latency_seconds",
            "Time that frames were inside the gateway: for each frame the whole of the worker's turn, from before it "
            + "was taken from its port to after it was given to one, so at most that long. What moves to another "
            + "worker is counted in a turn of each; waiting in the device's or another worker's ring is not in it. "
            + "The sum is estimated from the buckets.",
            seconds, SmallestTimeBucket, CounterBlock.LatencyBuckets,
            static (sample, bucket) => Sum(sample, counters => counters.Latency(bucket)));
        families.Histogram(
            "cgn_mapping_setup_seconds",
            "Time to carry a packet that made a mapping: the whole of the worker's turn in which it was made. The sum "
            + "is estimated from the buckets.",
            seconds, SmallestTimeBucket, CounterBlock.LatencyBuckets,
            static (sample, bucket) => Sum(sample, counters => counters.Setup(bucket)));
        families.Histogram(
            "cgn_worker_batch_frames",
            "Frames of a turn of a worker, of turns that had some. The sum is estimated from the buckets.",
            [.. Enumerable.Range(0, LargestBatchBucket + 1).Select(static bucket => Math.ScaleB(1, bucket))],
            0, CounterBlock.BatchBuckets, static (sample, bucket) => Sum(sample, counters => counters.Batch(bucket)));
    }

    private static long Sum(GatewaySample sample, Func<CounterBlock, long> read)
    {
        long sum = 0;
        for (int shard = 0; shard < sample.View.Shards.Length; shard++)
            sum += read(sample.View.Counters(shard));
        return sum;
    }
}
