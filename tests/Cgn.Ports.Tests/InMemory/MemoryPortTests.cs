using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using Cgn.Memory.Frames;
using Cgn.Ports.InMemory;

using CsCheck;

using Xunit;

namespace Cgn.Ports.Tests.InMemory;

public sealed class MemoryPortTests
{
    [Fact]
    public void Frames_come_out_in_the_order_and_with_the_bytes_they_went_in()
    {
        using FrameStore store = new(64);
        FramePool pool = new(store, 0, 64);
        using MemoryPort port = new(store, "test", FramePort.Outside, worker: 3, capacity: 32);
        for (byte i = 0; i < 32; i++)
            Assert.True(port.Inject([i, (byte)(i + 1)], pool));
        Assert.False(port.Inject([99], pool));

        Frame[] frames = new Frame[40];
        int count = port.Receive(frames, pool);

        Assert.Equal(32, count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal([(byte)i, (byte)(i + 1)], store.Packet(frames[i]).ToArray());
            Assert.Equal(FramePort.Outside, frames[i].Port);
            Assert.Equal(3, frames[i].Worker);
            Assert.Equal((uint)FrameStore.Headroom, frames[i].Offset);
        }

        Assert.Equal(32, port.Transmit(frames.AsSpan(0, 32), pool));
        Assert.Equal(0, port.Transmit(frames.AsSpan(0, 1), pool));
        Assert.Equal(1ul, port.Counters.TransmitRingFull);
        Assert.Equal(64ul, port.Counters.TransmittedBytes);
        port.Release(pool);
        Assert.Equal(pool.StartCount, pool.Count);
    }

    [Fact]
    public void A_chunk_is_always_with_exactly_one_owner()
    {
        // Model: random inject, receive, transmit, collect; pool plus everything elsewhere is the store, and no chunk
        // occurs twice.
        Gen.Int[0, 3].Array[1, 400].Sample(steps =>
        {
            using FrameStore store = new(16);
            FramePool pool = new(store, 0, 16);
            using MemoryPort port = new(store, "model", FramePort.Inside, capacity: 8);
            List<Frame> held = [];
            foreach (int step in steps)
                Step(step, port, pool, held);
            foreach (Frame frame in held)
                pool.Return(frame.Chunk);
            port.Release(pool);
            HashSet<uint> seen = [];
            while (pool.TryTake(out uint chunk))
                Assert.True(seen.Add(chunk));
            Assert.Equal(16, seen.Count);
        }, iter: 200);
    }

    [Fact]
    public void Nothing_is_lost_or_reordered_between_two_threads()
    {
        const int Total = 200_000;
        using FrameStore store = new(128);
        FramePool pool = new(store, 0, 128);
        using MemoryPort port = new(store, "threads", FramePort.Inside, capacity: 64);
        Thread far = new(() =>
        {
            for (uint i = 0; i < Total;)
            {
                if (port.Inject(new Frame { Length = i }))
                    i++;
                else
                    Thread.Yield();
            }
        });
        far.Start();
        Frame[] frames = new Frame[32];
        uint expected = 0;
        while (expected < Total)
        {
            int count = port.Receive(frames, pool);
            if (count == 0)
                Thread.Yield();
            foreach (Frame frame in frames.Take(count))
                Assert.Equal(expected++, frame.Length);
        }

        far.Join();
        Assert.Equal((ulong)Total, port.Counters.ReceivedFrames);
    }

    private static void Step(int step, MemoryPort port, FramePool pool, List<Frame> held)
    {
        Frame[] batch = new Frame[3];
        switch (step)
        {
            case 0:
                port.Inject([1, 2, 3], pool);
                break;
            case 1:
                held.AddRange(batch.Take(port.Receive(batch, pool)));
                break;
            case 2:
                int accepted = port.Transmit(held.ToArray(), pool);
                held.RemoveRange(0, accepted);
                break;
            default:
                if (port.TryCollect(out Frame frame))
                    pool.Return(frame.Chunk);
                break;
        }
    }
}
