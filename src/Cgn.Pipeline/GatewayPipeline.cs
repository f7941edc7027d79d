using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Slow;
using Cgn.Pipeline.Stages;

namespace Cgn.Pipeline;

/// <summary>
/// The way of a packet, on one page. The fast stages follow each other over the batch in <see cref="Rounds"/> of a few
/// packets; a stage may change a frame or give it a verdict, and never calls a later stage. What they leave without a
/// verdict goes the slow way, one packet at a time, in order, and at the end every frame goes where its verdict says.
/// </summary>
public sealed class GatewayPipeline
{
    // A frame may come again at most so often in a turn: out, turned in, fragments released, and one to spare.
    private const int RoundsMax = 4;

    private readonly PacketBatch _batch = new();
    private readonly Frame[] _again = GC.AllocateArray<Frame>(PipelineOutput.QueueCapacity, pinned: true);

    /// <summary>Makes the pipeline of one worker.</summary>
    public GatewayPipeline(GatewayState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        State = state;
    }

    /// <summary>What it works on.</summary>
    public GatewayState State { get; }

    /// <summary>
    /// Takes frames that came in from inside. They end up in <see cref="GatewayState.Output"/>, in a table, or back
    /// in the pool.
    /// </summary>
    public void FromInside(ReadOnlySpan<Frame> frames, in WorkerTime now)
    {
        for (; frames.Length > PacketBatch.Capacity; frames = frames[PacketBatch.Capacity..])
            InsideBatch(frames[..PacketBatch.Capacity], now);
        InsideBatch(frames, now);
        Again(now);
    }

    /// <summary>Takes frames that came in from outside.</summary>
    public void FromOutside(ReadOnlySpan<Frame> frames, in WorkerTime now)
    {
        for (; frames.Length > PacketBatch.Capacity; frames = frames[PacketBatch.Capacity..])
            OutsideBatch(frames[..PacketBatch.Capacity], now);
        OutsideBatch(frames, now);
        Again(now);
    }

    /// <summary>
    /// Gives back what time has ended: fragments, sessions, mappings, blocks. Bounded by the budget. What there is to
    /// say about it lies in <see cref="GatewayState.Output"/> afterwards.
    /// </summary>
    public void Housekeep(in WorkerTime now, int budget)
    {
        FragmentExpiry.Run(State, now);
        if (State.Syns.Count != 0)
            UnsolicitedSyns.Answer(State, now);
        State.Nat.Sweep(now, budget);
        if (!State.Nat.Notices.IsEmpty)
            TcpNotices.Send(State);
        // Answers to neighbours that only now have been found due.
        if (State.Output.AgainOutside.Count + State.Output.AgainInside.Count != 0)
            Again(now);
    }

    private void InsideBatch(ReadOnlySpan<Frame> frames, in WorkerTime now)
    {
        Take(frames);
        for (Rounds at = default; at.TryGoOn(_batch, State.Store);)
        {
            TranslateOutbound.Run(_batch, State, now, at.Translated, at.Fetched);
            LookupStage.FetchSubscribers(_batch, State.Nat, at.Fetched, at.Sought);
            LookupStage.FindOverflowed(_batch, State.Nat, outbound: true, at.Sought, at.Found);
            LookupStage.Find(_batch, State.Nat, outbound: true, at.Found, at.Parsed);
            ParseInside.Run(_batch, State, at.Begun, at.End);
        }

        SlowOutbound.Run(_batch, State, now);
        DispatchStage.Run(_batch, State);
    }

    private void OutsideBatch(ReadOnlySpan<Frame> frames, in WorkerTime now)
    {
        Take(frames);
        for (Rounds at = default; at.TryGoOn(_batch, State.Store);)
        {
            TranslateInbound.Run(_batch, State, now, at.Translated, at.Fetched);
            LookupStage.FetchSubscribers(_batch, State.Nat, at.Fetched, at.Sought);
            LookupStage.FindOverflowed(_batch, State.Nat, outbound: false, at.Sought, at.Found);
            LookupStage.Find(_batch, State.Nat, outbound: false, at.Found, at.Parsed);
            ParseOutside.Run(_batch, State, at.Begun, at.End);
        }

        SlowInbound.Run(_batch, State, now);
        DispatchStage.Run(_batch, State);
    }

    /// <summary>Hairpinned, reassembled and released frames go through once more.</summary>
    private void Again(in WorkerTime now)
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            int inside = TakeAgain(State.Output.AgainInside);
            for (int i = 0; i < inside; i += PacketBatch.Capacity)
                InsideBatch(_again.AsSpan(i, Math.Min(PacketBatch.Capacity, inside - i)), now);
            int outside = TakeAgain(State.Output.AgainOutside);
            for (int i = 0; i < outside; i += PacketBatch.Capacity)
                OutsideBatch(_again.AsSpan(i, Math.Min(PacketBatch.Capacity, outside - i)), now);
            if (inside + outside == 0)
                return;
        }

        End(State.Output.AgainInside);
        End(State.Output.AgainOutside);
    }

    private void Take(ReadOnlySpan<Frame> frames)
    {
        foreach (ref readonly Frame frame in frames[..Math.Min(frames.Length, Rounds.Packets * Rounds.Ahead)])
            State.Store.Prefetch(frame);
        _batch.Fill(frames);
    }

    private int TakeAgain(FrameQueue queue)
    {
        queue.Frames.CopyTo(_again);
        int count = queue.Count;
        queue.Clear();
        return count;
    }

    private void End(FrameQueue queue)
    {
        foreach (ref readonly Frame frame in queue.Frames)
        {
            State.Counters.Drop(DropReason.Loop, frame.Length);
            State.Pool.Return(frame.Chunk);
        }

        queue.Clear();
    }
}
