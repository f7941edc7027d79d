using System;
using System.Collections.Generic;

using Cgn.Contract.Process;
using Cgn.Forwarder.Live;
using Cgn.Memory.Frames;
using Cgn.Ports;
using Cgn.Ports.InMemory;
using Cgn.Ports.Steering;
using Cgn.Testing;

using Xunit;

namespace Cgn.Forwarder.Tests;

/// <summary>One device of several queues.</summary>
public sealed class LiveSideTests
{
    [Fact]
    [Requirement("MGMT-RFC8343")]
    public void A_device_counts_what_passed_all_its_queues()
    {
        using FrameStore store = new(64);
        FramePool pool = new(store, 0, 64);
        MemoryPort[] queues =
        [
            new(store, "in0", FramePort.Inside, 0, 16), new(store, "in0", FramePort.Inside, 1, 16),
        ];
        using LiveSide side = new("memory", queues, new Idle());
        Frame[] frames = new Frame[8];
        byte[] packet = new byte[100];
        foreach (MemoryPort queue in queues)
        {
            Assert.True(queue.Inject(packet, pool));
            Assert.True(queue.Inject(packet, pool));
            Assert.Equal(2, queue.Receive(frames, pool));
        }

        Assert.Equal(1, queues[0].Transmit(frames.AsSpan(0, 1), pool));
        PortStatus status = side.Count();

        Assert.Equal((4, 400), (status.ReceivedFrames, status.ReceivedBytes));
        Assert.Equal((1, 100), (status.TransmittedFrames, status.TransmittedBytes));
        Assert.Equal((0, 0), (status.ReceiveRingFull, status.TransmitRingFull));
        foreach (MemoryPort queue in queues)
            queue.Dispose();
    }

    private sealed class Idle : INetworkDevice
    {
        public void SetOwnAddresses(IReadOnlyList<uint> addresses)
        {
        }

        public void SetRules(SteeringRules rules)
        {
        }

        public void KeepOffloads()
        {
        }

        public void Dispose()
        {
        }
    }
}
