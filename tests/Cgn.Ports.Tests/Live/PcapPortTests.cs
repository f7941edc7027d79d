using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

using Cgn.Memory.Frames;
using Cgn.Ports.Live;
using Cgn.Ports.Steering;
using Cgn.Ports.Tests.Support;

using Xunit;

namespace Cgn.Ports.Tests.Live;

/// <summary>Libpcap on a live device, over a virtual cable between two namespaces that the test makes.</summary>
[Collection("namespaces")]
public sealed class PcapPortTests
{
    private const int Chunks = 4096;
    private static readonly SteeringRules s_inside = SteeringRules.Inside(
        [Packets.Address6(Packets.Aftr)],
        [new SteeringPrefix(Packets.Address("100.64.0.0"), 10)],
        [Packets.Address("100.64.0.1")]);

    private static readonly SteeringRules s_outside = SteeringRules.Outside(
        [new SteeringPrefix(Packets.Address("203.0.113.0"), 28)]);

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Thousands_of_frames_go_both_ways_and_no_chunk_is_lost(int workers)
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(Chunks);
            FramePool pool = new(store, 0, Chunks);
            using LiveDevice device = new(store, VethPair.BoxDevice, FramePort.Inside, s_inside, workers);
            cable.Far.Run(() => Traffic.Exchange(device.Ports, store, pool, 3000));
            foreach (PcapPort port in device.Ports)
                port.Release(pool);
            Assert.Equal(pool.StartCount, pool.Count);
        });
    }

    [SkippableFact]
    public void The_kernel_does_not_see_what_is_ours_and_answers_the_rest()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Ip("addr add 192.0.2.1/24 dev box0");
        cable.Far.Ip("addr add 192.0.2.2/24 dev far0");
        cable.Box.Execute("sysctl -qw net.ipv4.ip_forward=1");
        byte[] ours = Packets.Ipv4Frame("192.0.2.2", "203.0.113.1");
        byte[] others = Packets.Ipv4Frame("192.0.2.2", "203.0.113.77");
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            FramePool pool = new(store, 0, 256);
            using LiveDevice device = new(store, VethPair.BoxDevice, FramePort.Outside, s_outside);
            cable.Far.Execute("ping -4 -c 1 -W 2 192.0.2.1");
            cable.Far.Run(() =>
            {
                using RawSocket far = new(VethPair.FarDevice);
                far.Send(ours);
                Assert.False(IsRefused(far));
                far.Send(others);
                Assert.True(IsRefused(far));
            });
            Assert.Equal(
                [Convert.ToHexString(ours)], Traffic.Drain(device.Ports[0], pool, 1).Select(Convert.ToHexString));
        });
        // Without us the kernel refuses both: it has no route there.
        cable.Far.Run(() =>
        {
            using RawSocket far = new(VethPair.FarDevice);
            far.Send(ours);
            Assert.True(IsRefused(far));
        });
    }

    [SkippableFact]
    public void Tagged_frames_are_received_with_their_tag_and_kept_from_the_kernel()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            FramePool pool = new(store, 0, 256);
            using LiveDevice device = new(store, VethPair.BoxDevice, FramePort.Inside, s_inside);
            byte[][] ours = [Packets.Softwire(1, 7), Packets.Ipv4Frame("100.64.9.9", "192.0.2.9", 2, 32, 7)];
            byte[] discovery = Packets.Ethernet(
                0x86DD, Packets.Ipv6(Packets.B4, Packets.Aftr, 58, 135, 0, 0, 0), null, 7);
            cable.Far.Run(() =>
            {
                using RawSocket far = new(VethPair.FarDevice);
                foreach (byte[] frame in ours)
                    far.Send(frame);
                far.Send(discovery);
                far.Send(Packets.Ipv4Frame("100.64.9.9", "100.64.0.1", 3, 32, 7));
            });
            List<byte[]> received = Traffic.Drain(device.Ports[0], pool, ours.Length);
            Assert.Equal(ours.Select(Convert.ToHexString), received.Select(Convert.ToHexString));
            string rules = cable.Box.Execute("nft list table netdev cgn_box0");
            Assert.Contains("ip6 daddr @aftr counter packets 1 ", rules, StringComparison.Ordinal);
            Assert.Contains("ip daddr != @own counter packets 1 ", rules, StringComparison.Ordinal);
        });
    }

    [SkippableFact]
    public void Own_addresses_can_be_replaced_while_running()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            FramePool pool = new(store, 0, 256);
            using LiveDevice device = new(store, VethPair.BoxDevice, FramePort.Inside, s_inside);
            device.SetOwnAddresses([Packets.Address("192.0.2.9"), Packets.Address("192.0.2.10")]);
            byte[] taken = Packets.Ipv4Frame("100.64.9.9", "100.64.0.1", 1);
            cable.Far.Run(() =>
            {
                using RawSocket far = new(VethPair.FarDevice);
                far.Send(Packets.Ipv4Frame("100.64.9.9", "192.0.2.9", 2));
                far.Send(taken);
            });
            Assert.Equal(
                [Convert.ToHexString(taken)], Traffic.Drain(device.Ports[0], pool, 1).Select(Convert.ToHexString));
            Assert.Contains(
                "192.0.2.10", cable.Box.Execute("nft list set netdev cgn_box0 own"), StringComparison.Ordinal);
            device.SetOwnAddresses([]);
            Assert.DoesNotContain(
                "192.0.2.10", cable.Box.Execute("nft list set netdev cgn_box0 own"), StringComparison.Ordinal);
        });
    }

    [SkippableFact]
    public void A_frame_that_is_too_long_is_counted_and_never_cut()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Far.Ip("link set far0 mtu 4000");
        cable.Box.Ip("link set box0 mtu 4000");
        cable.Box.Run(() =>
        {
            using FrameStore store = new(64);
            FramePool pool = new(store, 0, 64);
            using LiveDevice device = new(store, VethPair.BoxDevice, FramePort.Outside, s_outside);
            int room = store.ChunkBytes - FrameStore.Headroom;
            byte[] fits = Packets.Ipv4Frame("198.51.100.1", "203.0.113.1", 1, room - 34);
            cable.Far.Run(() =>
            {
                using RawSocket far = new(VethPair.FarDevice);
                far.Send(Packets.Ipv4Frame("198.51.100.1", "203.0.113.1", 1, room - 33));
                far.Send(fits);
            });
            Assert.Equal(
                [Convert.ToHexString(fits)], Traffic.Drain(device.Ports[0], pool, 1).Select(Convert.ToHexString));
            Assert.Equal(1ul, device.Ports[0].Counters.ReceiveInvalid);
            Assert.True(pool.TryTake(out uint chunk));
            Assert.Equal(0, device.Ports[0].Receive([], pool));
            pool.Return(chunk);
        });
    }

    [SkippableFact]
    public void The_device_is_afterwards_as_it_was_before()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Execute("ethtool -K box0 gro on");
        string before = Settings(cable);
        cable.Box.Run(() =>
        {
            using FrameStore store = new(64);
            using (LiveDevice device = new(store, VethPair.BoxDevice, FramePort.Outside, s_outside))
            {
                Assert.Contains("generic-receive-offload: off", Settings(cable), StringComparison.Ordinal);
                Assert.Contains("table netdev cgn_box0", Settings(cable), StringComparison.Ordinal);
            }
        });
        Assert.Equal(before, Settings(cable));
    }

    [SkippableFact]
    public void Offloads_that_somebody_turns_on_meanwhile_are_turned_off_again_and_are_on_afterwards()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Execute("ethtool -K box0 gro off");
        cable.Box.Run(() =>
        {
            using FrameStore store = new(64);
            using LiveDevice device = new(store, VethPair.BoxDevice, FramePort.Outside, s_outside);
            cable.Box.Execute("ethtool -K box0 gro on");
            device.KeepOffloads();
            Assert.Contains("generic-receive-offload: off", Settings(cable), StringComparison.Ordinal);
        });
        Assert.Contains("generic-receive-offload: on", Settings(cable), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_process_that_is_killed_leaves_the_device_as_it_was()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Execute("ethtool -K box0 gro on");
        string before = Settings(cable);
        using Process child = ChildProcess.Start(cable.Box, "hold-pcap", VethPair.BoxDevice);
        Assert.Equal("ready", child.StandardOutput.ReadLine());
        Assert.NotEqual(before, Settings(cable));
        child.Kill();
        child.WaitForExit();
        // The kernel gives up a dead process's sockets, and the shell notices its end, in the background.
        Stopwatch waited = Stopwatch.StartNew();
        while (Settings(cable) != before && waited.ElapsedMilliseconds < 5000)
            System.Threading.Thread.Sleep(20);
        Assert.Equal(before, Settings(cable));
    }

    [SkippableFact]
    public void A_batch_allocates_nothing()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(256);
            FramePool pool = new(store, 0, 256);
            using LiveDevice device = new(store, VethPair.BoxDevice, FramePort.Outside, s_outside);
            PcapPort port = device.Ports[0];
            Frame[] batch = new Frame[32];
            int refused = 0;
            void Turn()
            {
                int count = port.Receive(batch, pool);
                while (count < batch.Length && pool.TryTake(out uint chunk))
                    batch[count++] = new Frame { Chunk = chunk, Offset = FrameStore.Headroom, Length = 60 };
                refused += count - port.Transmit(batch, pool);
            }

            Turn();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
                Turn();
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            Assert.Equal(0, refused);
            Assert.Equal(pool.StartCount, pool.Count);
        });
    }

    [SkippableFact]
    public void What_cannot_be_opened_is_refused_with_what_would_help()
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Run(() =>
        {
            using FrameStore store = new(64);
            PortException none = Assert.Throws<PortException>(
                () => new LiveDevice(store, "nosuch0", FramePort.Outside, s_outside));
            Assert.Contains("nosuch0: there is no such device", none.Message, StringComparison.Ordinal);
            using LiveDevice first = new(store, VethPair.BoxDevice, FramePort.Outside, s_outside);
            string before = Settings(cable);
            PortException twice = Assert.Throws<PortException>(
                () => new LiveDevice(store, VethPair.BoxDevice, FramePort.Outside, s_outside));
            Assert.Contains("box0: the kernel can't be kept", twice.Message, StringComparison.Ordinal);
            Assert.Equal(before, Settings(cable));
        });
    }

    // An ICMP error came back: the kernel had the packet.
    private static bool IsRefused(RawSocket far)
    {
        while (far.Receive() is { } frame)
        {
            if (frame.Length > 34 && frame[12] == 0x08 && frame[13] == 0 && frame[23] == 1 && frame[34] == 3)
                return true;
        }

        return false;
    }

    private static string Settings(VethPair cable) =>
        cable.Box.Ip("-d link show box0")
            + cable.Box.Execute("ethtool -k box0") + cable.Box.Execute("nft list ruleset");
}
