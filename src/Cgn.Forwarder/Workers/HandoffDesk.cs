using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Memory.Rings;
using Cgn.Pipeline;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Stages;
using Cgn.Ports;

namespace Cgn.Forwarder.Workers;

/// <summary>
/// One worker's end of the handoff rings. It keeps an account with each other worker of chunks received and not given
/// back; when the account
/// grows, empty chunks go back, so that traffic which always arrives at the wrong worker can't drain anyone's pool.
/// </summary>
public sealed class HandoffDesk
{
    private const int SettleAt = 64;

    // Of each other worker, a turn: as much as it may send in one of its own, and something of what waits.
    private const int BatchesMax = 4;

    private readonly HandoffMesh _mesh;
    private readonly int _worker;
    private readonly SpscRing<Frame>?[] _toOthers;
    private readonly SpscRing<Frame>?[] _fromOthers;
    private readonly int[] _owed;
    private int _first;
    private readonly Frame[] _taken = GC.AllocateArray<Frame>(PacketBatch.Capacity, pinned: true);

    /// <summary>Opens a worker's desk.</summary>
    public HandoffDesk(HandoffMesh mesh, int worker)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        _mesh = mesh;
        _worker = worker;
        _toOthers = new SpscRing<Frame>?[mesh.WorkerCount];
        _fromOthers = new SpscRing<Frame>?[mesh.WorkerCount];
        _owed = new int[mesh.WorkerCount];
        for (int other = 0; other < mesh.WorkerCount; other++)
        {
            _toOthers[other] = mesh.Producer(worker, other);
            _fromOthers[other] = mesh.Consumer(other, worker);
        }
    }

    /// <summary>Others have left something that <see cref="Receive"/> would take.</summary>
    public bool HasWaiting
    {
        get
        {
            foreach (SpscRing<Frame>? ring in _fromOthers)
            {
                if (ring is { Depth: not 0 })
                    return true;
            }

            return false;
        }
    }

    /// <summary>Hangs the bell that others ring when they leave something; for a worker that sleeps.</summary>
    /// <exception cref="System.IO.IOException">The system has no descriptor left.</exception>
    public Bell Hang() => _mesh.Hang(_worker);

    /// <summary>
    /// Some worker is far behind with what it was sent: better leave packets with the ports than parse them and find no
    /// room.
    /// </summary>
    public bool IsCrowded
    {
        get
        {
            foreach (SpscRing<Frame>? ring in _toOthers)
            {
                if (ring is not null && ring.Free < ring.Capacity / 2)
                    return true;
            }

            return false;
        }
    }

    /// <summary>
    /// Gives the frames of a queue to their owners, who see them once <see cref="Settle"/> ends the turn; a full ring
    /// drops them. The queue is empty afterwards.
    /// </summary>
    public void Send(FrameQueue queue, GatewayState state)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(state);
        foreach (ref Frame frame in queue.Frames)
        {
            int to = frame.Worker;
            Frame sent = frame;
            sent.Flags |= FrameFlags.HandedOff;
            if (_toOthers[to]!.TryStage(sent))
            {
                _owed[to]--;
                state.Counters[CounterId.HandoffsSent]++;
            }
            else
            {
                state.Counters.Drop(DropReason.HandoffFull, frame.Length);
                state.Pool.Return(frame.Chunk);
            }
        }

        queue.Clear();
    }

    /// <summary>Gives finished frames to a worker that can transmit them; a full ring drops them. The queue is empty
    /// afterwards.</summary>
    public void SendFinished(FrameQueue queue, int to, GatewayState state)
    {
        ArgumentNullException.ThrowIfNull(queue);
        foreach (ref Frame frame in queue.Frames)
        {
            frame.Worker = (ushort)to;
            frame.Flags |= FrameFlags.Finished;
        }

        Send(queue, state);
    }

    /// <summary>Takes what others have sent, a few batches from each, through the pipeline.</summary>
    /// <returns>Frames taken, empty ones included.</returns>
    public int Receive(GatewayPipeline pipeline, in WorkerTime now)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        int total = 0;
        // Not always the same one first: what there is no room for waits in its ring.
        _first = _first + 1 < _fromOthers.Length ? _first + 1 : 0;
        for (int i = 0; i < _fromOthers.Length; i++)
        {
            int from = (_first + i) % _fromOthers.Length;
            SpscRing<Frame>? ring = _fromOthers[from];
            if (ring is null)
                continue;
            int count = _taken.Length;
            for (int batch = 0; batch < BatchesMax && count == _taken.Length && HasRoom(pipeline.State); batch++)
            {
                count = ring.Read(_taken);
                total += count;
                _owed[from] += count;
                Process(count, pipeline, now);
            }
        }

        return total;
    }

    /// <summary>
    /// Ends a turn: gives empty chunks back to workers that have given more than they got, and shows all that was sent.
    /// </summary>
    public void Settle(GatewayState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        for (int to = 0; to < _owed.Length; to++)
        {
            // Packets go before empty chunks.
            while (_owed[to] >= SettleAt && _toOthers[to]!.Free > _toOthers[to]!.Capacity / 4
                && state.Pool.TryTake(out uint chunk))
            {
                _ = _toOthers[to]!.TryStage(new Frame { Chunk = chunk, Flags = FrameFlags.Empty });
                _owed[to]--;
            }
        }

        Publish();
    }

    // What is taken may all leave by one port, whose queue is emptied once a turn.
    private static bool HasRoom(GatewayState state) =>
        Math.Min(state.Output.ToInside.Free, state.Output.ToOutside.Free) > PipelineOutput.QueueCapacity / 2;

    private void Publish()
    {
        for (int to = 0; to < _toOthers.Length; to++)
        {
            if (_toOthers[to] is { } ring && ring.Publish())
                _mesh.Ring(to);
        }
    }

    /// <summary>Sorts a batch by the side that its frames came from, keeping their order, and runs each part.</summary>
    private void Process(int count, GatewayPipeline pipeline, in WorkerTime now)
    {
        GatewayState state = pipeline.State;
        int frames = 0;
        foreach (ref readonly Frame frame in _taken.AsSpan(0, count))
        {
            if ((frame.Flags & FrameFlags.Empty) != 0)
            {
                state.Pool.Return(frame.Chunk);
                continue;
            }

            state.Counters[CounterId.HandoffsReceived]++;
            if ((frame.Flags & FrameFlags.Finished) != 0)
                DispatchStage.Queue(frame.Port == FramePort.Inside ? state.Output.ToInside : state.Output.ToOutside,
                    frame, state);
            else
                _taken[frames++] = frame;
        }

        for (int i = 0; i < frames;)
        {
            bool inside = IsInside(_taken[i]);
            int end = i + 1;
            while (end < frames && IsInside(_taken[end]) == inside)
                end++;
            if (inside)
                pipeline.FromInside(_taken.AsSpan(i, end - i), now);
            else
                pipeline.FromOutside(_taken.AsSpan(i, end - i), now);
            i = end;
        }
    }

    private static bool IsInside(in Frame frame) =>
        frame.Port == FramePort.Inside && (frame.Flags & FrameFlags.Hairpinned) == 0;
}
