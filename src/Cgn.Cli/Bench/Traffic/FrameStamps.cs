using System;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// When the frame in each chunk came: one frame in <see cref="SampleEvery"/> has a stamp. Shared by all ports, since a
/// frame may leave by another worker than it came by; its descriptor passes between the two, and with it the stamp.
/// </summary>
internal sealed class FrameStamps
{
    /// <summary>
    /// How many frames there are for one that is measured: no divisor of a batch, so that every place in one has its
    /// turn.
    /// </summary>
    public const int SampleEvery = 11;

    private readonly Stamp[] _stamps;

    /// <summary>Makes room for all chunks.</summary>
    public FrameStamps(int chunks) => _stamps = GC.AllocateArray<Stamp>(chunks, pinned: true);

    /// <summary>A frame was received.</summary>
    /// <param name="chunk">Where it lies.</param>
    /// <param name="number">Its number at this port, from 0.</param>
    /// <param name="pace">When it arrived, and what the time is.</param>
    public void Put(uint chunk, long number, FramePace pace)
    {
        ref Stamp stamp = ref _stamps[chunk];
        stamp.ReceivedTicks = 0;
        if (number % SampleEvery != 0)
            return;
        stamp.ReceivedTicks = pace.NowTicks;
        stamp.ArrivedTicks = pace.ArrivalTicks(number);
    }

    /// <summary>A frame leaves.</summary>
    /// <returns>False when it has no stamp.</returns>
    public bool TryTake(uint chunk, out long receivedTicks, out long arrivedTicks)
    {
        ref Stamp stamp = ref _stamps[chunk];
        receivedTicks = stamp.ReceivedTicks;
        arrivedTicks = stamp.ArrivedTicks;
        stamp.ReceivedTicks = 0;
        return receivedTicks != 0;
    }

    private struct Stamp
    {
        public long ReceivedTicks;
        public long ArrivedTicks;
    }
}
