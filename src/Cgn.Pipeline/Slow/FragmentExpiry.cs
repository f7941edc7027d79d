using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Stages;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>Ends fragments that have waited too long, and counts each as dropped.</summary>
internal static class FragmentExpiry
{
    private const int FramesPerTurn = 64;

    /// <summary>Ends what is due, a bounded number of frames.</summary>
    public static void Run(GatewayState state, in WorkerTime now)
    {
        if (state.Counters[CounterId.Held] == 0 && state.LastExpiryTick == now.Tick)
            return;
        if (state.LastExpiryTick != now.Tick)
            Watch(state, now);
        state.LastExpiryTick = now.Tick;
        EndIpv4(state, now);
        EndOuter(state, now);
    }

    private static void Watch(GatewayState state, in WorkerTime now)
    {
        (int level, int capacity) = state.Tables.Outer.Use;
        state.Nat.Watch(WatchedResource.Reassembly, (uint)level, (uint)capacity, now);
        Ipv4FragmentTable fragments = state.Tables.Ipv4;
        state.Nat.Watch(WatchedResource.Fragments, (uint)fragments.HeldFrames, (uint)fragments.FramesMax, now);
        state.Counters[CounterId.Reassemblies] = state.Tables.Outer.Count;
        state.Counters[CounterId.FragmentsWaiting] = fragments.HeldFrames;
        ulong wraps = state.Tables.Identifications.Wraps;
        state.Counters[CounterId.IdentificationWraps] += (long)(wraps - state.WrapsCounted);
        state.WrapsCounted = wraps;
    }

    private static CounterId GivenUpFor(DropReason reason) => reason switch
    {
        DropReason.FragmentTimeout => CounterId.ReassemblyTimeouts,
        DropReason.FragmentOverlap => CounterId.ReassemblyOverlaps,
        DropReason.FragmentLimit => CounterId.ReassemblyLimits,
        _ => CounterId.ReassemblyTooLong,
    };

    private static void EndIpv4(GatewayState state, in WorkerTime now)
    {
        Span<Frame> frames = state.Pieces.AsSpan(0, FramesPerTurn);
        Span<DropReason> reasons = stackalloc DropReason[FramesPerTurn];
        int count = state.Tables.Ipv4.Expire(now.Tick, FramesPerTurn, frames, reasons);
        state.Counters[CounterId.Held] -= count;
        for (int i = 0; i < count; i++)
        {
            state.Counters.Drop(reasons[i], frames[i].Length);
            state.Pool.Return(frames[i].Chunk);
        }
    }

    private static void EndOuter(GatewayState state, in WorkerTime now)
    {
        Span<ReassemblyLoss> lost = state.LostPackets;
        int count = state.Tables.Outer.Expire(now.Tick, lost.Length, lost);
        for (int i = 0; i < count; i++)
        {
            ref readonly ReassemblyLoss loss = ref lost[i];
            state.Counters[CounterId.Held] -= loss.Frames;
            state.Counters[GivenUpFor(loss.Reason)]++;
            for (int frame = 0; frame < loss.Frames; frame++)
                state.Counters.Drop(loss.Reason, 0);
            Frame first = loss.Frame;
            // RFC 8200 4.5: whoever sent the first fragment is told that the others did not come.
            if (loss is { Reason: DropReason.FragmentTimeout, HasFirst: true } && Icmpv6ErrorWriter.TryWrite(
                ref first, (int)first.Offset + loss.IpOffset, Icmpv6Type.TimeExceeded, 1, 0, state, now))
            {
                state.Counters[CounterId.Originated]++;
                DispatchStage.Queue(state.Output.ToInside, first, state);
                continue;
            }

            state.Pool.Return(first.Chunk);
        }
    }
}
