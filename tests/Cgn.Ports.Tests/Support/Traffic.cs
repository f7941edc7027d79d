using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

using Cgn.Memory.Frames;

using Xunit;

namespace Cgn.Ports.Tests.Support;

/// <summary>Frames through ports in both directions, each one of a kind, counted at both ends.</summary>
internal static class Traffic
{
    // Numbered frames from the far kernel to us and from us to it; each side must see each number once.
    internal static void Exchange(
        IReadOnlyList<Port> ports, FrameStore store, FramePool pool, int count, int alreadySent = 0)
    {
        using RawSocket far = new(VethPair.FarDevice);
        foreach (Port port in ports)
            Assert.Equal(0, port.Receive(new Frame[1], pool));
        HashSet<int> received = [];
        HashSet<int> farReceived = [];
        int farTotal = 0;
        for (int at = 0; at < count;)
        {
            int step = Math.Min(50, count - at);
            for (int i = 0; i < step; i++)
                far.Send(Packets.Softwire(at + i));
            foreach (byte[] frame in DrainAll(ports, store, pool, step))
                received.Add(Packets.Number(frame));
            Port out0 = ports[at / 50 % ports.Count];
            Frame[] frames = Take(store, pool, step, at);
            Assert.Equal(step, out0.Transmit(frames, pool));
            out0.Flush(pool);
            at += step;
            while (farTotal < at + alreadySent && far.Receive() is { } frame)
            {
                if (frame[12] != 0x08 || frame[13] != 0)
                    continue;
                farTotal++;
                farReceived.Add(Packets.Number(frame));
            }
        }

        Assert.Equal(Enumerable.Range(0, count), received.Order());
        Assert.Equal(Enumerable.Range(0, count), farReceived.Order());
        Assert.Equal((ulong)count, ports.Aggregate(0ul, (sum, port) => sum + port.Counters.ReceivedFrames));
    }

    internal static Frame[] Take(FrameStore store, FramePool pool, int count, int first = 0)
    {
        Frame[] frames = new Frame[count];
        for (int i = 0; i < count; i++)
        {
            Assert.True(pool.TryTake(out uint chunk));
            byte[] bytes = Packets.Ipv4Frame("203.0.113.1", "198.51.100.1", first + i);
            VethPair.FarMac.CopyTo(bytes, 0);
            uint offset = FrameStore.Headroom - 40u + ((uint)i % 40);
            frames[i] = new Frame { Chunk = chunk, Offset = offset, Length = (uint)bytes.Length };
            bytes.CopyTo(store.Packet(frames[i]));
        }

        return frames;
    }

    internal static List<byte[]> Drain(Port port, FramePool pool, int expected) =>
        DrainAll([port], pool.Store, pool, expected);

    // Until as many have come as expected, then once more; the deadline only ends a run that fails anyway.
    internal static List<byte[]> DrainAll(IReadOnlyList<Port> ports, FrameStore store, FramePool pool, int expected)
    {
        List<byte[]> bytes = [];
        Frame[] frames = new Frame[64];
        PortWaiter waiter = new(ports);
        Stopwatch waited = Stopwatch.StartNew();
        bool again = true;
        while ((bytes.Count < expected && waited.ElapsedMilliseconds < 5000) || again)
        {
            again = bytes.Count < expected;
            waiter.Wait(again ? 100 : 0);
            foreach (Port port in ports)
            {
                int count = port.Receive(frames, pool);
                for (int i = 0; i < count; i++)
                {
                    Assert.Equal(port.Side, frames[i].Port);
                    bytes.Add(store.Packet(frames[i]).ToArray());
                    pool.Return(frames[i].Chunk);
                }
            }
        }

        return bytes;
    }
}
