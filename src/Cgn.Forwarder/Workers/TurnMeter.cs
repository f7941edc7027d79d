using Cgn.Contract.Counting;

namespace Cgn.Forwarder.Workers;

/// <summary>
/// How long a worker's turns take, into its counters. A turn takes a batch from the ports and gives it to the ports, so
/// every frame of it was inside the gateway for as long as the turn took, or less: no clock is read for a packet.
/// </summary>
/// <param name="counters">The worker's counters.</param>
internal sealed class TurnMeter(CounterBlock counters)
{
    private long _mappings = Mappings(counters);

    /// <summary>Counts a turn that had frames.</summary>
    /// <param name="frames">Frames that the turn had to do with.</param>
    /// <param name="tookNs">Nanoseconds from its begin to its end.</param>
    public void Count(int frames, long tookNs)
    {
        counters[CounterId.BusyNs] += tookNs;
        int bucket = CounterBlock.BucketOfTime(tookNs);
        counters.Latency(bucket) += frames;
        long mappings = Mappings(counters);
        counters.Setup(bucket) += mappings - _mappings;
        _mappings = mappings;
    }

    private static long Mappings(CounterBlock counters) =>
        counters[CounterId.MappingsCreatedUdp] + counters[CounterId.MappingsCreatedTcp]
        + counters[CounterId.MappingsCreatedIcmp] + counters[CounterId.MappingsCreatedOther];
}
