using System.Runtime.CompilerServices;

using Cgn.Memory.Arenas;

namespace Cgn.Contract.Counting;

/// <summary>
/// The counters, drops and latency histogram of one shard in one arena section. One writer, which adds without
/// atomics; readers see each 64-bit value whole.
/// </summary>
public sealed class CounterBlock
{
    /// <summary>Places kept for drop reasons.</summary>
    public const int DropPlaces = 256;

    /// <summary>Buckets of the latency histogram: bucket n counts frames that took less than 2^n nanoseconds.</summary>
    public const int LatencyBuckets = 40;

    /// <summary>Places kept for counters, so that new ones don't move the drops.</summary>
    public const int CounterPlaces = 128;

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

    private static uint PlaceCount => CounterPlaces + DropPlaces + LatencyBuckets;

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

    /// <summary>A bucket of the latency histogram, 0 to <see cref="LatencyBuckets"/> - 1.</summary>
    public ref long Latency(int bucket) => ref _values[CounterPlaces + DropPlaces + (uint)bucket];

    /// <summary>Counts one dropped frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(DropReason reason)
    {
        this[reason]++;
        this[CounterId.Dropped]++;
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
