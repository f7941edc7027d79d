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

/// <summary>AF_XDP over a virtual cable, between two namespaces that the test makes.</summary>
[Collection("namespaces")]
public sealed class XdpPortTests
{
    private const int Chunks = 8192;
    private static readonly SteeringRules s_rules = SteeringRules.Inside(
        [Packets.Address6(Packets.Aftr)],
        [new SteeringPrefix(Packets.Address("100.64.0.0"), 10)],
        [Packets.Address("100.64.0.1")]);

    [SkippableTheory]
    [InlineData(XdpMode.Native, 1)]
    [InlineData(XdpMode.Native, 2)]
    [InlineData(XdpMode.Generic, 1)]
    public void Thousands_of_frames_go_both_ways_and_no_chunk_is_lost(XdpMode mode, int queues)
    {
        Needs.Xdp();
        using VethPair cable = new(queues);
        cable.Box.Run(() =>
        {
            using FrameStore store = new(Chunks);
            FramePool pool = new(store, 0, Chunks);
            using XdpSet set = Open(store, mode);
            Assert.Equal(queues, set.Devices[0].Ports.Count);
            Assert.Equal(mode == XdpMode.Native, set.Devices[0].IsNative);
            cable.Far.Run(() => Traffic.Exchange(set.Devices[0].Ports, store, pool, 5000));
            foreach (XdpPort port in set.Devices[0].Ports.ToArray())
                port.Release(pool);
            Assert.Equal(pool.StartCount, pool.Count);
        });
    }

    [SkippableTheory]
    [InlineData(XdpMode.Native)]
    [InlineData(XdpMode.Generic)]
    public void Softwires_of_every_form_are_taken_and_the_kernel_answers_the_rest(XdpMode mode)
    {
        Needs.Xdp();
        using VethPair cable = new();
        cable.Box.Ip("addr add 2001:db8:1::1/64 dev box0 nodad");
        cable.Box.Ip("addr add 100.64.0.1/10 dev box0");
        cable.Far.Ip("addr add 2001:db8:1::2/64 dev far0 nodad");
        cable.Far.Ip("addr add 100.64.0.2/10 dev far0");
        cable.Far.Ip("route add 203.0.113.0/24 via 100.64.0.1");
        cable.Box.Run(() =>
        {
            using FrameStore store = new(Chunks);
            FramePool pool = new(store, 0, Chunks);
            using XdpSet set = Open(store, mode);
            XdpPort port = set.Devices[0].Ports[0];
            Traffic.Drain(port, pool, 0);
            byte[][] ours =
            [
                Packets.Softwire(1),
                Softwire(60, [4, 0, 4, 1, 4, 1, 1, 0, .. Packets.Ipv4("192.168.1.2", "198.51.100.1", 2)]),
                Softwire(44, [4, 0, 0, 1, 0, 0, 0, 9, .. Packets.Ipv4("192.168.1.2", "198.51.100.1", 3)]),
                Packets.Softwire(4, 55),
                Packets.Ipv4Frame("100.64.0.2", "203.0.113.1", 5),
            ];
            cable.Far.Run(() =>
            {
                using RawSocket far = new(VethPair.FarDevice);
                foreach (byte[] frame in ours)
                    far.Send(frame);
            });
            List<byte[]> taken = Traffic.Drain(port, pool, ours.Length);
            Assert.Equal(ours.Select(Convert.ToHexString).Order(), taken.Select(Convert.ToHexString).Order());

            // Neighbour discovery, ARP and what is addressed to the box itself: answered by the box's kernel while our
            // program is attached.
            cable.Far.Execute("ping -6 -c 2 -i 0.2 -W 2 2001:db8:1::1");
            cable.Far.Execute("ping -4 -c 2 -i 0.2 -W 2 100.64.0.1");
            Assert.Empty(Traffic.Drain(port, pool, 0));
            Assert.Equal((ulong)ours.Length, set.Devices[0].ReadSteering().Taken);
            Assert.True(set.Devices[0].ReadSteering().Passed > 4);
            port.Release(pool);
            Assert.Equal(pool.StartCount, pool.Count);
        });
    }

    [SkippableFact]
    public void A_full_ring_refuses_and_counts_and_an_empty_pool_only_pauses()
    {
        Needs.Xdp();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            FramePool pool = new(store, 0, 256);
            using XdpSet set = Open(store, XdpMode.Native, ringSize: 64);
            XdpPort port = set.Devices[0].Ports[0];
            Assert.Equal(0, port.Receive(new Frame[8], pool));
            Frame[] frames = Traffic.Take(store, pool, 100);
            int accepted = port.Transmit(frames, pool);
            Assert.Equal(64, accepted);
            Assert.Equal(36ul, port.Counters.TransmitRingFull);
            foreach (Frame frame in frames.AsSpan(accepted))
                pool.Return(frame.Chunk);
            Assert.True(pool.TryTake(out uint misplaced));
            port.Flush(pool);
            Frame outside = new() { Chunk = misplaced, Offset = 2000, Length = 60 };
            Assert.Equal(1, port.Transmit([outside], pool));
            Assert.Equal(1ul, port.Counters.TransmitFailed);
            List<uint> all = [];
            while (pool.TryTake(out uint chunk))
                all.Add(chunk);
            Assert.Equal(0, port.Receive(new Frame[8], pool));
            all.ForEach(pool.Return);
            cable.Far.Run(() => Traffic.Exchange(set.Devices[0].Ports, store, pool, 300, alreadySent: 64));
            port.Release(pool);
            Assert.Equal(pool.StartCount, pool.Count);
            Assert.Equal(0, port.Receive(frames, pool));
            Assert.Equal(0, port.Transmit(frames, pool));
        });
    }

    [SkippableFact]
    public void The_device_is_afterwards_as_it_was_before()
    {
        Needs.Xdp();
        using VethPair cable = new();
        string before = Settings(cable);
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            using (XdpSet set = Open(store, XdpMode.Auto))
                Assert.Contains("xdp", Settings(cable), StringComparison.Ordinal);
        });
        Assert.Equal(before, Settings(cable));
    }

    [SkippableFact]
    public void A_process_that_is_killed_leaves_the_device_as_it_was()
    {
        Needs.Xdp();
        using VethPair cable = new();
        string before = Settings(cable);
        using Process child = ChildProcess.Start(cable.Box, "hold-xdp", VethPair.BoxDevice);
        Assert.Equal("ready", child.StandardOutput.ReadLine());
        Assert.Contains("xdp", Settings(cable), StringComparison.Ordinal);
        child.Kill();
        child.WaitForExit();
        // The kernel gives up a dead process's files, and with them the link, in the background.
        Stopwatch waited = Stopwatch.StartNew();
        while (Settings(cable) != before && waited.ElapsedMilliseconds < 5000)
            System.Threading.Thread.Sleep(20);
        Assert.Equal(before, Settings(cable));
    }

    [SkippableFact]
    public void What_cannot_be_opened_is_refused_with_what_would_help()
    {
        Needs.Xdp();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            PortException none = Assert.Throws<PortException>(() => Open(store, XdpMode.Auto, device: "nosuch0"));
            Assert.Contains("nosuch0: there is no such device", none.Message, StringComparison.Ordinal);
            using XdpSet set = Open(store, XdpMode.Auto);
            using FrameStore other = new(256);
            PortException busy = Assert.Throws<PortException>(() => Open(other, XdpMode.Auto));
            Assert.Contains("another XDP program is attached", busy.Message, StringComparison.Ordinal);
            using FrameStore large = new(64, 16384);
            PortException chunks = Assert.Throws<PortException>(() => Open(large, XdpMode.Auto));
            Assert.Contains("2048", chunks.Message, StringComparison.Ordinal);
        });
        cable.Box.Ip("link set box0 mtu 3000");
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            PortException mtu = Assert.Throws<PortException>(() => Open(store, XdpMode.Auto));
            Assert.Contains("MTU is 3000", mtu.Message, StringComparison.Ordinal);
        });
    }

    [SkippableFact]
    public void A_device_that_somebody_is_giving_up_is_waited_for()
    {
        Needs.Xdp();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            XdpSet first = Open(store, XdpMode.Auto);
            using Timer later = new(_ => first.Dispose(), null, 200, Timeout.Infinite);
            using FrameStore other = new(256);
            using XdpSet second = Open(other, XdpMode.Auto, patienceMs: 10_000);
            Assert.Single(second.Devices[0].Ports);
        });
    }

    [SkippableFact]
    public void A_batch_allocates_nothing()
    {
        Needs.Xdp();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(Chunks);
            FramePool pool = new(store, 0, Chunks);
            using XdpSet set = Open(store, XdpMode.Native);
            XdpPort port = set.Devices[0].Ports[0];
            Frame[] batch = new Frame[32];
            PortWaiter waiter = new([port]);
            Turn(port, store, pool, batch, waiter);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                Turn(port, store, pool, batch, waiter);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        });
    }

    private static void Turn(XdpPort port, FrameStore store, FramePool pool, Frame[] batch, PortWaiter waiter)
    {
        int count = port.Receive(batch, pool);
        while (count < batch.Length && pool.TryTake(out uint chunk))
            batch[count++] = new Frame { Chunk = chunk, Offset = FrameStore.Headroom, Length = 60 };
        int sent = port.Transmit(batch.AsSpan(0, count), pool);
        for (int i = sent; i < count; i++)
            pool.Return(batch[i].Chunk);
        port.Flush(pool);
        waiter.Wait(0);
    }

    private static XdpSet Open(
        FrameStore store, XdpMode mode, int ringSize = XdpSet.DefaultRingSize, string device = VethPair.BoxDevice,
        int patienceMs = 0) =>
        XdpSet.Open(
            store, [new XdpDeviceOptions(device, FramePort.Inside, s_rules, mode)], workers: 1, ringSize,
            patienceMs: patienceMs);

    private static byte[] Softwire(byte next, byte[] payload) =>
        Packets.Ethernet(0x86DD, Packets.Ipv6(Packets.B4, Packets.Aftr, next, payload));

    private static string Settings(VethPair cable) =>
        cable.Box.Ip("-d link show box0") + cable.Box.Execute("ethtool -k box0") + cable.Far.Ip("-d link show far0");
}
