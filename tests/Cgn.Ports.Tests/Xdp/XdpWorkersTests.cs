using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

using Cgn.Memory.Frames;
using Cgn.Ports.Steering;
using Cgn.Ports.Tests.Support;
using Cgn.Ports.Xdp;

using Xunit;

namespace Cgn.Ports.Tests.Xdp;

/// <summary>Several workers on one device: a queue and a socket for each, one frame store for all.</summary>
[Collection("namespaces")]
public sealed class XdpWorkersTests
{
    private const int Chunks = 4096;
    private const int Frames = 2000;

    [SkippableFact]
    public void Each_worker_is_given_the_frames_of_its_own_queue_and_sends_by_it()
    {
        Needs.Xdp();
        using VethPair cable = new(queues: 2);
        cable.Box.Run(() =>
        {
            using FrameStore store = new(2 * Chunks);
            SteeringRules rules = SteeringRules.Outside([new SteeringPrefix(Packets.Address("203.0.113.0"), 24)]);
            using XdpSet set = XdpSet.Open(
                store, [new XdpDeviceOptions(VethPair.BoxDevice, FramePort.Outside, rules)], workers: 2);
            Echo[] workers = [.. set.Devices[0].Ports.Select(port => new Echo(port, store))];
            Assert.Equal([0, 1], workers.Select(worker => (int)worker.Port.Worker));
            cable.Far.Run(() => SendAndAwait(workers));
            Assert.Equal(Enumerable.Range(0, Frames), workers.SelectMany(worker => worker.Numbers).Order());
            // The far kernel spreads flows over queues by a hash: thousands of them never fall on one side.
            Assert.All(workers, worker => Assert.NotEmpty(worker.Numbers));
            Assert.All(workers, worker => Assert.Equal(Chunks, worker.FreeAtEnd));
            Assert.All(workers, worker => Assert.True(worker.WasAlwaysOwn));
        });
    }

    private static void SendAndAwait(Echo[] workers)
    {
        using RawSocket far = new(VethPair.FarDevice);
        foreach (Echo worker in workers)
            worker.Begin();
        HashSet<int> back = [];
        for (int at = 0; at < Frames; at += 50)
        {
            for (int i = at; i < at + 50; i++)
                far.Send(Packets.Ipv4Frame($"198.51.{i / 250}.{i % 250}", "203.0.113.1", i));
            while (back.Count < at + 50 && far.Receive() is { } frame)
            {
                if (frame[12] == 0x08 && frame[13] == 0)
                    back.Add(Packets.Number(frame));
            }
        }

        foreach (Echo worker in workers)
            worker.End();
        Assert.Equal(Enumerable.Range(0, Frames), back.Order());
    }

    // A worker on a thread of its own: sends back what its port receives.
    private sealed class Echo
    {
        private readonly FrameStore _store;
        private readonly FramePool _pool;
        private readonly Frame[] _frames = new Frame[64];
        private readonly Thread _thread = new(static state => ((Echo)state!).Loop()) { IsBackground = true };
        private volatile bool _isEnding;

        internal Echo(XdpPort port, FrameStore store)
        {
            Port = port;
            _store = store;
            _pool = new FramePool(store, port.Worker * Chunks, Chunks);
            // Gives the kernel chunks to receive into before anything is sent.
            Assert.Equal(0, port.Receive(_frames, _pool));
        }

        internal XdpPort Port { get; }

        internal List<int> Numbers { get; } = [];

        internal bool WasAlwaysOwn { get; private set; } = true;

        internal int FreeAtEnd { get; private set; }

        internal void Begin() => _thread.Start(this);

        internal void End()
        {
            _isEnding = true;
            _thread.Join();
        }

        private void Loop()
        {
            PortWaiter waiter = new([Port]);
            Stopwatch lived = Stopwatch.StartNew();
            while (!_isEnding && lived.Elapsed.TotalSeconds < 30)
            {
                int count = Port.Receive(_frames, _pool);
                foreach (Frame frame in _frames.AsSpan(0, count))
                {
                    Numbers.Add(Packets.Number(_store.Packet(frame)));
                    WasAlwaysOwn &= frame.Worker == Port.Worker && frame.Chunk / Chunks == Port.Worker;
                }

                int sent = Port.Transmit(_frames.AsSpan(0, count), _pool);
                foreach (Frame frame in _frames.AsSpan(sent, count - sent))
                    _pool.Return(frame.Chunk);
                Port.Flush(_pool);
                if (count == 0)
                    waiter.Wait(1);
            }

            Port.Release(_pool);
            FreeAtEnd = _pool.Count;
        }
    }
}
