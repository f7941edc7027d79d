using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using CsCheck;

using Xunit;

namespace Cgn.Softwire.Tests;

/// <summary>Any fragments in any order at any time: every frame is somewhere, once, and in the end all are
/// home.</summary>
public class ScheduleTests
{
    private static readonly Gen<(int Id, int Start, int Length, bool More, int Elapse, int Kind)[]> s_schedule =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 12], Gen.Int[0, 6], Gen.Bool, Gen.Int[0, 4], Gen.Int[0, 9]).Array[1, 120];

    [Fact]
    [Requirement("RFC4787-REQ-14a")]
    public void Ipv4_frames_never_leak()
    {
        s_schedule.Sample(schedule =>
        {
            using FrameBench bench = new(128);
            using Ipv4FragmentTable table = new(
                new FragmentLimits { Datagrams = 4, Frames = 8, FramesPerSubscriber = 5, DatagramsPerSubscriber = 3 },
                20,
                1);
            Frame[] frames = new Frame[16];
            DropReason[] reasons = new DropReason[16];
            HashSet<uint> held = [];
            uint tick = uint.MaxValue - 30;
            foreach ((int id, int start, int length, bool more, int elapse, int kind) in schedule)
            {
                tick += (uint)elapse;
                FragmentKey key = new((uint)(id % 2), 1, 2, (ushort)id, kind < 5 ? (byte)6 : (byte)17);
                Frame frame = bench.Put(new byte[20]);
                FragmentPorts ports = new(1, (ushort)(kind == 9 ? 3 : 2));
                FragmentVerdict verdict =
                    table.Offer(key, frame, start * 8, more, length * 8, ports, tick, out _, out DropReason refusal);
                switch (verdict)
                {
                    case FragmentVerdict.Held:
                        Assert.True(held.Add(frame.Chunk));
                        break;
                    case FragmentVerdict.Refused:
                        Assert.NotEqual(DropReason.None, refusal);
                        bench.GiveBack(frame);
                        break;
                    default:
                        Assert.Equal(DropReason.None, refusal);
                        bench.GiveBack(frame);
                        break;
                }

                if (kind == 1)
                    table.Refuse(key, DropReason.NoMapping);
                if (kind != 2)
                    Collect(bench, held, frames, table.Release(key, frames.AsSpan(0, 3)));
                if (kind == 3)
                    Collect(bench, held, frames, table.Expire(tick, 2, frames.AsSpan(0, 2), reasons));
                Assert.Equal(held.Count, table.HeldFrames);
                Assert.InRange(table.Count, 0, 4);
            }

            for (int count = 1; count != 0;)
            {
                count = table.Expire(tick + 20, 100, frames, reasons);
                Collect(bench, held, frames, count);
                Assert.All(reasons[..count], reason => Assert.NotEqual(DropReason.None, reason));
            }

            Assert.Equal(0, table.Count);
            Assert.Empty(held);
            bench.AllAreHome();
        }, iter: 1000);
    }

    [Fact]
    [Requirement("RFC6333-S6.3-2")]
    public void Ipv6_frames_never_leak_and_are_counted_once()
    {
        byte[] payload = FrameBench.Ipv4(200);
        s_schedule.Sample(schedule =>
        {
            using FrameBench bench = new(128);
            using Ipv6Reassembler reassembler = new(
                bench.Pool, new ReassemblyLimits { Packets = 4, PacketsPerPrefix = 3, TimeoutTicks = 20 }, 1);
            ReassemblyLoss[] lost = new ReassemblyLoss[8];
            uint tick = uint.MaxValue - 30;
            int held = 0;
            foreach ((int id, int start, int length, bool more, int elapse, int kind) in schedule)
            {
                tick += (uint)elapse;
                int from = start * 8;
                int to = Math.Min(200, from + length * 8 * (kind & 3));
                Ipv6Address source = new(FrameBench.B4.High + ((ulong)(id % 2) << 40), 1);
                to = Math.Max(from, to);
                byte[] packet = FrameBench.Ipv6Fragment(payload, from, to, more, (uint)id, source: source);
                Frame frame = bench.Put(packet);
                Decapsulator.TryOpen(packet, out SoftwireEnvelope envelope);
                ReassemblyVerdict verdict = reassembler.Offer(
                    frame, 14, envelope, tick, out Frame complete, out int merged, out SoftwireRefusal refusal);
                switch (verdict)
                {
                    case ReassemblyVerdict.Held:
                        held++;
                        break;
                    case ReassemblyVerdict.Complete:
                        held -= merged;
                        byte[] whole = bench.Packet(complete);
                        Assert.True(payload.AsSpan().StartsWith(whole.AsSpan(40)));
                        bench.GiveBack(complete);
                        break;
                    default:
                        Assert.NotEqual(DropReason.None, refusal.Reason);
                        bench.GiveBack(frame);
                        break;
                }

                if (kind == 3)
                    held -= Collect(bench, lost[..reassembler.Expire(tick, 2, lost.AsSpan(0, 2))]);
                Assert.Equal(held, reassembler.HeldFrames);
                Assert.InRange(reassembler.Count, 0, 4);
            }

            for (int count = 1; count != 0;)
            {
                count = reassembler.Expire(tick + 20, 100, lost);
                held -= Collect(bench, lost[..count]);
            }

            Assert.Equal((0, 0, 0), (held, reassembler.HeldFrames, reassembler.Count));
            bench.AllAreHome();
        }, iter: 1000);
    }

    [Fact]
    public void Any_bytes_behind_a_fragment_header_are_survived()
    {
        Gen<byte[]> bytes = Gen.Byte.Array[8, 120];
        Gen.Select(bytes, Gen.Int[0, 5], Gen.Int[0, 3]).Array[1, 30].Sample(packets =>
        {
            using FrameBench bench = new(64);
            using Ipv6Reassembler reassembler = new(bench.Pool, new ReassemblyLimits { Packets = 8 }, 1);
            ReassemblyLoss[] lost = new ReassemblyLoss[64];
            byte[] next = [4, 60, 44, 58, 43, 0];
            foreach ((byte[] body, int protocol, int offset) in packets)
            {
                // One datagram, small offsets: fragments are to meet.
                body[0] = next[protocol];
                body[2] = 0;
                body[3] = (byte)((offset * 8) | (body[3] & 1));
                body.AsSpan(4, 4).Clear();
                byte[] packet = FrameBench.Ipv6(IpProtocol.Fragment, body);
                Frame frame = bench.Put(packet);
                Decapsulator.TryOpen(packet, out SoftwireEnvelope envelope);
                ReassemblyVerdict verdict =
                    reassembler.Offer(frame, 14, envelope, 0, out Frame complete, out _, out SoftwireRefusal refusal);
                Assert.Equal(verdict == ReassemblyVerdict.Refused, refusal.Reason != DropReason.None);
                if (verdict == ReassemblyVerdict.Refused)
                    bench.GiveBack(frame);
                if (verdict != ReassemblyVerdict.Complete)
                    continue;
                Decapsulator.TryOpen(bench.Packet(complete), out envelope);
                Assert.False(envelope.IsFragment);
                Assert.NotEqual(DropReason.Truncated, envelope.Refusal.Reason);
                bench.GiveBack(complete);
            }

            Collect(bench, lost[..reassembler.Expire(600, 100, lost)]);
            bench.AllAreHome();
        }, iter: 1000);
    }

    [Fact]
    public void What_the_fragmenter_splits_the_reassembler_joins_in_any_order()
    {
        Gen.Select(Gen.Int[1300, 8000], Gen.Int[1280, 2000], Gen.Int[0, int.MaxValue]).Sample((length, mtu, seed) =>
        {
            using FrameBench bench = new(64, 16384);
            using Ipv6Reassembler reassembler = new(bench.Pool, new ReassemblyLimits(), 1);
            byte[] whole = FrameBench.Ipv6(IpProtocol.Ipv4, FrameBench.Ipv4(length, seed: seed));
            Frame[] fragments = new Frame[Ipv6Fragmenter.FragmentsMax];
            int count = new Ipv6Fragmenter(bench.Pool, 9).Split(bench.Put(whole), 14, mtu, fragments, out _);
            Frame result = fragments[0];
            if (count > 1)
            {
                new Random(seed).Shuffle(fragments.AsSpan(0, count));
                ReassemblyVerdict verdict = ReassemblyVerdict.Held;
                foreach (Frame fragment in fragments[..count])
                {
                    Assert.Equal(ReassemblyVerdict.Held, verdict);
                    Decapsulator.TryOpen(bench.Packet(fragment), out SoftwireEnvelope envelope);
                    verdict = reassembler.Offer(fragment, 14, envelope, 0, out result, out _, out _);
                }

                Assert.Equal(ReassemblyVerdict.Complete, verdict);
            }

            Assert.Equal(whole, bench.Packet(result));
            bench.GiveBack(result);
            bench.AllAreHome();
        }, iter: 300);
    }

    [Fact]
    public void Nothing_is_allocated_after_construction()
    {
        using FrameBench bench = new(64);
        using Ipv6Reassembler reassembler = new(bench.Pool, new ReassemblyLimits(), 1);
        using Ipv4FragmentTable table = new(new FragmentLimits(), 20, 1);
        Ipv6Fragmenter splitter = new(bench.Pool, 9);
        Ipv4Fragmenter splitter4 = new(bench.Pool);
        IdentificationSource source = new(4);
        byte[] whole = FrameBench.Ipv6(IpProtocol.Ipv4, FrameBench.Ipv4(1500));
        Frame[] fragments = new Frame[Ipv4Fragmenter.FragmentsMax];
        ReassemblyLoss[] lost = new ReassemblyLoss[8];
        DropReason[] reasons = new DropReason[Ipv4Fragmenter.FragmentsMax];
        long before = 0;
        for (int round = 0; round < 200; round++)
        {
            if (round == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            Frame frame = bench.Put(whole);
            int count = splitter.Split(frame, 14, 1500, fragments, out _);
            for (int i = count - 1; i >= 0; i--)
            {
                Decapsulator.TryOpen(bench.Store.Packet(fragments[i])[14..], out SoftwireEnvelope envelope);
                reassembler.Offer(fragments[i], 14, envelope, (uint)round, out frame, out _, out _);
            }

            FragmentKey key = new((uint)(round % 3), 1, 2, source.Next(1, 2, 17, (uint)round), 17);
            frame.Offset += 40;
            frame.Length -= 40;
            count = splitter4.Split(frame, 14, 1400, fragments, out _);
            for (int i = count - 1; i >= 0; i--)
            {
                int length = i == 0 ? 1376 : 104;
                table.Offer(key, fragments[i], i * 1376, i == 0, length, default, (uint)round, out _, out _);
                bench.GiveBack(fragments[i]);
            }

            table.Release(key, fragments);
            table.Expire((uint)round, 10, fragments, reasons);
            reassembler.Expire((uint)round, 10, lost);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        bench.AllAreHome();
    }

    private static void Collect(FrameBench bench, HashSet<uint> held, Frame[] frames, int count)
    {
        foreach (Frame frame in frames.Take(count))
        {
            Assert.True(held.Remove(frame.Chunk));
            bench.GiveBack(frame);
        }
    }

    private static int Collect(FrameBench bench, ReassemblyLoss[] lost)
    {
        foreach (ReassemblyLoss loss in lost)
            bench.GiveBack(loss.Frame);
        return lost.Sum(loss => loss.Frames);
    }
}
