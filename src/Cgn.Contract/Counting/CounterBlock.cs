using System.Numerics;
using System.Runtime.CompilerServices;

using Cgn.Memory.Arenas;

namespace Cgn.Contract.Counting;

/// <summary>
/// The counters, drops and histograms of one shard in one arena section. One writer, which adds without atomics;
/// readers see each 64-bit value whole.
/// </summary>
public sealed class CounterBlock
{
    /// <summary>Places kept for drop reasons.</summary>
    public const int DropPlaces = 256;

    /// <summary>Buckets of the histograms of times: bucket n counts what took less than 2^n nanoseconds.</summary>
    public const int LatencyBuckets = 40;

    /// <summary>
    /// Buckets of the histogram of batches: bucket n counts those of more than 2^(n-1) and at most 2^n frames.
    /// </summary>
    public const int BatchBuckets = 17;

    /// <summary>Opcodes of PCP that are told apart; the last place is all others'.</summary>
    public const int PcpOpcodes = 4;

    /// <summary>Result codes of PCP that are told apart; the last place is all others'.</summary>
    public const int PcpResults = 16;

    /// <summary>Places kept for counters, so that new ones don't move the drops.</summary>
    public const int CounterPlaces = 256;

    private const int LatencyAt = CounterPlaces + DropPlaces;
    private const int SetupAt = LatencyAt + LatencyBuckets;
    private const int BatchAt = SetupAt + LatencyBuckets;
    private const int PcpAt = BatchAt + BatchBuckets;
    private const int PlaceCount = PcpAt + (PcpOpcodes * PcpResults);

    private readonly NativeArray<long> _values;

    /// <summary>Lays the counters over a section of <see cref="SizeBytes"/> bytes.</summary>
    public CounterBlock(ArenaSection section)
    {
        Section = section;
        _values = new NativeArray<long>(section, PlaceCount);
    }

    /// <summary>Where they lie.</summary>
    public ArenaSection Section { get; }

    /// <summary>Bytes of a section.</summary>
    public static nuint SizeBytes => PlaceCount * sizeof(long);

    /// <summary>A counter, to read or to add to.</summary>
    public ref long this[CounterId id]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _values[(uint)id];
    }

    /// <summary>The count of a drop reason.</summary>
    public ref long this[DropReason reason]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _values[CounterPlaces + (uint)reason];
    }

    /// <summary>The bucket of a time in a histogram of times.</summary>
    /// <param name="nanoseconds">The time, not negative.</param>
    public static int BucketOfTime(long nanoseconds)
    {
        int bucket = BitOperations.Log2((ulong)nanoseconds | 1) + 1;
        return bucket < LatencyBuckets ? bucket : LatencyBuckets - 1;
    }

    /// <summary>A bucket of the latency histogram, 0 to <see cref="LatencyBuckets"/> - 1.</summary>
    public ref long Latency(int bucket) => ref _values[LatencyAt + (uint)bucket];

    /// <summary>
    /// A bucket of the histogram of what making a mapping took, 0 to <see cref="LatencyBuckets"/> - 1.
    /// </summary>
    public ref long Setup(int bucket) => ref _values[SetupAt + (uint)bucket];

    /// <summary>
    /// A bucket of the histogram of a turn's frames, 0 to <see cref="BatchBuckets"/> - 1.
    /// </summary>
    public ref long Batch(int bucket) => ref _values[BatchAt + (uint)bucket];

    /// <summary>Answers to PCP requests of an opcode with a result; what has no place counts in the last.</summary>
    /// <param name="opcode">Opcode, without the bit that marks answers.</param>
    /// <param name="result">Result code.</param>
    public ref long Pcp(int opcode, int result)
    {
        int row = (uint)opcode < PcpOpcodes ? opcode : PcpOpcodes - 1;
        int column = (uint)result < PcpResults ? result : PcpResults - 1;
        return ref _values[(uint)(PcpAt + (row * PcpResults) + column)];
    }

    /// <summary>Counts one turn of the worker that had frames.</summary>
    /// <param name="frames">How many, at least 1.</param>
    public void CountBatch(int frames)
    {
        int bucket = frames <= 1 ? 0 : BitOperations.Log2((uint)frames - 1) + 1;
        Batch(bucket < BatchBuckets ? bucket : BatchBuckets - 1)++;
    }

    /// <summary>Counts one dropped frame.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="bytes">Bytes of the frame; 0 where they are no longer known.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(DropReason reason, uint bytes)
    {
        this[reason]++;
        this[CounterId.Dropped]++;
        this[CounterId.DroppedBytes] += bytes;
    }

    /// <summary>
    /// received + originated + split - (transmitted + dropped + consumed + merged + held): 0 when no frame is
    /// unaccounted for.
    /// </summary>
    public long Unaccounted() =>
        this[CounterId.Received] + this[CounterId.Originated] + this[CounterId.Split] + this[CounterId.HandoffsReceived]
        - this[CounterId.Transmitted] - this[CounterId.Dropped] - this[CounterId.Consumed] - this[CounterId.Merged]
        - this[CounterId.Held] - this[CounterId.HandoffsSent];
}
