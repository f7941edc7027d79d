using System;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Stages;

/// <summary>Last stage: what the verdicts say happens, and every frame is counted once.</summary>
public static class DispatchStage
{
    /// <summary>Runs the stage over a batch.</summary>
    public static void Run(PacketBatch batch, GatewayState state)
    {
        Span<Frame> frames = batch.Frames;
        Span<PacketContext> packets = batch.Packets;
        for (int i = 0; i < frames.Length && i < packets.Length; i++)
            One(ref frames[i], ref packets[i], state);
    }

    /// <summary>The same for one frame that is in no batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(ref Frame frame, ref PacketContext c, GatewayState state)
    {
        if (c.Verdict == Verdict.Transmit)
            Queue(frame.Port == FramePort.Inside ? state.Output.ToInside : state.Output.ToOutside, frame, state);
        else
            Rare(ref frame, ref c, state);
    }

    /// <summary>Puts a frame where the worker will find it; a full queue drops it.</summary>
    public static void Queue(FrameQueue queue, in Frame frame, GatewayState state)
    {
        if (queue.TryAdd(frame))
            return;
        state.Counters.Drop(DropReason.TransmitFull, frame.Length);
        state.Pool.Return(frame.Chunk);
    }

    private static void Rare(ref Frame frame, ref PacketContext c, GatewayState state)
    {
        switch (c.Verdict)
        {
            case Verdict.Drop:
                state.Counters.Drop(c.Reason, frame.Length);
                state.Pool.Return(frame.Chunk);
                break;
            case Verdict.Consume:
                state.Counters[CounterId.Consumed]++;
                state.Pool.Return(frame.Chunk);
                break;
            case Verdict.Handoff:
                frame.Worker = c.Owner;
                Queue(state.Output.Handoffs, frame, state);
                break;
            case Verdict.Turn:
                Turn(frame, c, state);
                break;
            case Verdict.Hold:
                state.Counters[CounterId.Held]++;
                break;
            case Verdict.Gone:
                break;
            default:
                throw new InvalidOperationException($"a packet of class {c.Class} left the stages without a verdict");
        }
    }

    private static void Turn(in Frame frame, in PacketContext c, GatewayState state) =>
        Queue(state.Output.AgainOutside, frame, state);
}
