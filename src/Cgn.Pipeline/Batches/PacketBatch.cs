using System;

using Cgn.Memory.Frames;

namespace Cgn.Pipeline.Batches;

/// <summary>
/// Frames that go through the stages together, with what is known of each. Reused; nothing of it outlives the turn.
/// </summary>
public sealed class PacketBatch
{
    /// <summary>
    /// Most frames in a batch: enough that the rounds in which stages wait for the first answers of memory, and for the
    /// last, are few among all; not so many that a frame waits long for those behind it.
    /// </summary>
    public const int Capacity = 64;

    private readonly Frame[] _frames = GC.AllocateArray<Frame>(Capacity, pinned: true);
    private readonly PacketContext[] _packets = GC.AllocateArray<PacketContext>(Capacity, pinned: true);
    private readonly byte[] _fast = GC.AllocateArray<byte>(Capacity, pinned: true);
    private readonly uint[] _hints = GC.AllocateArray<uint>(Capacity, pinned: true);

    /// <summary>Frames in it now.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them take the fast way.</summary>
    public int FastCount { get; set; }

    /// <summary>The frames.</summary>
    public Span<Frame> Frames => _frames.AsSpan(0, Count);

    /// <summary>What is known of them.</summary>
    public Span<PacketContext> Packets => _packets.AsSpan(0, Count);

    /// <summary>Numbers of the frames that take the fast way.</summary>
    public Span<byte> Fast => _fast.AsSpan(0, Count);

    /// <summary>The subscribers of new flows, as far as is known: room for <see cref="Slow.NewFlows"/>.</summary>
    internal Span<uint> Hints => _hints.AsSpan(0, Count);

    /// <summary>Takes frames in; what was in the batch before is forgotten.</summary>
    /// <param name="frames">At most <see cref="Capacity"/>.</param>
    public void Fill(ReadOnlySpan<Frame> frames)
    {
        frames.CopyTo(_frames);
        Count = frames.Length;
        FastCount = 0;
    }
}
