using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Pipeline;
using Cgn.Pipeline.Batches;
using Cgn.Ports;

namespace Cgn.Forwarder.Workers;

/// <summary>
/// One shard's worker: a queue of each port, a pipeline, and the handoff rings. It is driven by <see cref="Turn"/>,
/// by a thread of its own when
/// live and by the caller's in tests, replay and translate; it reads no clock.
/// </summary>
public sealed class Worker
{
    /// <summary>Most records that the sweep visits in a turn, so that expiry never shows in the latency.</summary>
    public const int SweepPerTurn = 64;

    /// <summary>The same for a turn without frames, which nobody waits for.</summary>
    public const int SweepPerIdleTurn = 4096;

    // Never none, so that a worker that stands still does not stop the others.
    private const int CrowdedBatch = PacketBatch.Capacity / 8;

    private readonly WorkerPorts _inside;
    private readonly WorkerPorts _outside;
    private readonly HandoffDesk _handoff;
    private readonly Frame[] _received = GC.AllocateArray<Frame>(PacketBatch.Capacity, pinned: true);

    /// <summary>Makes a worker.</summary>
    /// <param name="number">Its number, and its shard's.</param>
    /// <param name="pipeline">The stages and what they work on.</param>
    /// <param name="inside">Its queues of the inside port.</param>
    /// <param name="outside">Its queues of the outside port.</param>
    /// <param name="mesh">The rings between workers.</param>
    /// <param name="desk">Where others leave what they ask of it.</param>
    public Worker(
        int number, GatewayPipeline pipeline, WorkerPorts inside, WorkerPorts outside, HandoffMesh mesh,
        WorkerDesk? desk = null)
    {
        Desk = desk ?? new WorkerDesk(null);
        Number = number;
        Pipeline = pipeline;
        _inside = inside;
        _outside = outside;
        _handoff = new HandoffDesk(mesh, number);
    }

    /// <summary>Its number, and its shard's.</summary>
    public int Number { get; }

    /// <summary>Where others leave what they ask of it.</summary>
    public WorkerDesk Desk { get; }

    /// <summary>The stages and what they work on.</summary>
    public GatewayPipeline Pipeline { get; }

    /// <summary>What it works on.</summary>
    public GatewayState State => Pipeline.State;

    /// <summary>What other workers leave for this one.</summary>
    public HandoffDesk Handoff => _handoff;

    /// <summary>Takes a batch from each port and from each other worker, and moves everything on.</summary>
    /// <returns>Frames that it had to do with; 0 when idle.</returns>
    public int Turn(in WorkerTime now)
    {
        GatewayState state = State;
        Desk.Turn(state, now);
        // What housekeeping had to say after the last turn.
        int left = state.Output.Waiting;
        Span<Frame> batch = _handoff.IsCrowded ? _received.AsSpan(0, CrowdedBatch) : _received;
        int received = 0;
        foreach (Port port in _inside.Queues)
        {
            int count = port.Receive(batch, state.Pool);
            if (count == 0)
                continue;
            received += count;
            Pipeline.FromInside(batch[..count], now);
        }

        foreach (Port port in _outside.Queues)
        {
            int count = port.Receive(batch, state.Pool);
            if (count == 0)
                continue;
            received += count;
            Pipeline.FromOutside(batch[..count], now);
        }

        state.Counters[CounterId.Received] += received;
        int handed = _handoff.Receive(Pipeline, now);
        Transmit(_inside, state.Output.ToInside);
        Transmit(_outside, state.Output.ToOutside);
        _handoff.Send(state.Output.Handoffs, state);
        _handoff.Settle(state);
        int total = received + handed + left;
        Pipeline.Housekeep(now, Math.Min(total == 0 ? SweepPerIdleTurn : SweepPerTurn, state.Nat.SweepDue(now)));
        state.Counters[CounterId.Turns]++;
        if (total != 0)
        {
            state.Counters[CounterId.BusyTurns]++;
            state.Counters.CountBatch(total);
        }

        return total;
    }

    /// <summary>Once more through the sweep without traffic: how replay and translate let time pass.</summary>
    /// <param name="now">The time.</param>
    /// <param name="budget">Records to visit.</param>
    /// <remarks>What it says, in answers of our own, leaves with the next turn.</remarks>
    public void Housekeep(in WorkerTime now, int budget) => Pipeline.Housekeep(now, budget);

    private void Transmit(WorkerPorts ports, FrameQueue queue)
    {
        if (queue.Count != 0)
        {
            if (ports.Queues.Length == 0)
                _handoff.SendFinished(queue, ports.TransmittingWorker, State);
            else
                Send(ports.Queues[0], queue);
        }

        foreach (Port port in ports.Queues)
            port.Flush(State.Pool);
    }

    private void Send(Port port, FrameQueue queue)
    {
        int accepted = port.Transmit(queue.Frames, State.Pool);
        State.Counters[CounterId.Transmitted] += accepted;
        foreach (ref readonly Frame frame in queue.Frames[accepted..])
        {
            State.Counters.Drop(DropReason.TransmitFull, frame.Length);
            State.Pool.Return(frame.Chunk);
        }

        queue.Clear();
    }
}
