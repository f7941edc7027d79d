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

public class FragmenterTests
{
    [Theory]
    [Requirement("RFC6333-S6.3-1")]
    [Requirement("RFC8200-S4.5-FRAG")]
    [Requirement("RFC2473-S7.2b-1")]
    [InlineData(1500, 1496, 100, 181)]
    [InlineData(1280, 1280, 316, 154)]
    public void Outer_fragments_of_a_1500_byte_packet_have_the_worked_sizes(
        int mtu, int first, int second, int offsetField)
    {
        using FrameBench bench = new();
        byte[] inner = FrameBench.Ipv4(1500);
        Frame frame = bench.Put(FrameBench.Ipv6(IpProtocol.Ipv4, inner, tc: 0xB8));
        byte[] link = bench.Link(frame);
        Span<Frame> fragments = new Frame[Ipv6Fragmenter.FragmentsMax];
        int count = new Ipv6Fragmenter(bench.Pool, 5).Split(frame, 14, mtu, fragments, out DropReason refusal);

        Assert.Equal((2, DropReason.None), (count, refusal));
        Assert.Equal([first, second], new[] { bench.Packet(fragments[0]).Length, bench.Packet(fragments[1]).Length });
        Assert.Equal(link, bench.Link(fragments[0]));
        Assert.Equal(link, bench.Link(fragments[1]));
        // The words of RFC 8200 4.5 read straight from the bytes.
        byte[] a = bench.Packet(fragments[0]);
        byte[] b = bench.Packet(fragments[1]);
        Assert.Equal([44, 44, 4, 4], new[] { a[6], b[6], a[40], b[40] });
        Assert.Equal(1, (a[42] << 8) | a[43]);
        Assert.Equal(offsetField << 3, (b[42] << 8) | b[43]);
        Assert.Equal(a[44..48], b[44..48]);
        Assert.Equal(inner, a[48..].Concat(b[48..]));
        Assert.Equal(a[..4], b[..4]);
        Assert.Equal(0x6B, a[0]);
        Assert.Equal([first - 40, second - 40], new[] { (a[4] << 8) | a[5], (b[4] << 8) | b[5] });
        bench.GiveBack(fragments[0]);
        bench.GiveBack(fragments[1]);
        bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8021-1")]
    public void A_packet_that_fits_gets_no_fragment_header()
    {
        using FrameBench bench = new();
        byte[] outer = FrameBench.Ipv6(IpProtocol.Ipv4, FrameBench.Ipv4(1460));
        Frame frame = bench.Put(outer);
        Frame[] fragments = new Frame[2];
        Assert.Equal(1, new Ipv6Fragmenter(bench.Pool, 5).Split(frame, 14, 1500, fragments, out _));
        Assert.Equal(outer, bench.Packet(fragments[0]));
    }

    [Fact]
    public void Without_frames_nothing_is_taken_and_the_packet_is_untouched()
    {
        using FrameBench bench = new(chunks: 2, chunkBytes: 8192);
        byte[] outer = FrameBench.Ipv6(IpProtocol.Ipv4, FrameBench.Ipv4(4000));
        Frame frame = bench.Put(outer);
        Frame[] fragments = new Frame[Ipv6Fragmenter.FragmentsMax];
        Assert.Equal(0, new Ipv6Fragmenter(bench.Pool, 5).Split(frame, 14, 1280, fragments, out DropReason refusal));
        Assert.Equal(DropReason.NoFrame, refusal);
        Assert.Equal(1, bench.Pool.Count);
        Assert.Equal(outer, bench.Packet(frame));
    }

    [Fact]
    [Requirement("RFC8200-S4.5-ID")]
    public void Outer_identifications_neither_repeat_nor_count_up()
    {
        using FrameBench bench = new();
        Ipv6Fragmenter fragmenter = new(bench.Pool, 77);
        Frame[] fragments = new Frame[Ipv6Fragmenter.FragmentsMax];
        byte[] outer = FrameBench.Ipv6(IpProtocol.Ipv4, FrameBench.Ipv4(1500));
        List<uint> seen = [];
        for (int i = 0; i < 100_000; i++)
        {
            Frame frame = bench.Put(outer);
            Assert.Equal(2, fragmenter.Split(frame, 14, 1500, fragments, out _));
            byte[] id = bench.Packet(fragments[0])[44..48];
            seen.Add((uint)((id[0] << 24) | (id[1] << 16) | (id[2] << 8) | id[3]));
            bench.GiveBack(fragments[0]);
            bench.GiveBack(fragments[1]);
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        int near = seen.Zip(seen.Skip(1)).Count(pair => pair.Second - pair.First < 1 << 16);
        Assert.InRange(near, 0, 10);
    }

    [Fact]
    [Requirement("RFC791-FRAG")]
    [Requirement("RFC4787-REQ-13a")]
    [Requirement("RFC1812-S4.2.2.7")]
    public void A_1500_byte_datagram_over_1400_becomes_1396_and_124_in_order()
    {
        using FrameBench bench = new();
        byte[] packet = FrameBench.Ipv4(1500, tos: 0x2A, id: 0xBEEF);
        Frame frame = bench.Put(packet);
        byte[] link = bench.Link(frame);
        Frame[] fragments = new Frame[Ipv4Fragmenter.FragmentsMax];
        Assert.Equal(2, new Ipv4Fragmenter(bench.Pool).Split(frame, 14, 1400, fragments, out DropReason refusal));
        Assert.Equal(DropReason.None, refusal);
        PacketDotNet.IPv4Packet[] decoded = fragments[..2]
            .Select(f => new PacketDotNet.IPv4Packet(new PacketDotNet.Utils.ByteArraySegment(bench.Packet(f))))
            .ToArray();
        Assert.Equal([1396, 124], decoded.Select(d => d.TotalLength));
        Assert.Equal([0, 172], decoded.Select(d => (int)d.FragmentOffset));
        Assert.Equal([1, 0], decoded.Select(d => (int)d.FragmentFlags));
        Assert.All(decoded, d => Assert.Equal(0xBEEF, d.Id));
        Assert.All(decoded, d => Assert.True(d.ValidIPChecksum));
        Assert.All(decoded, d => Assert.Equal(0x2A, d.TypeOfService));
        Assert.All(decoded, d => Assert.Equal(64, d.TimeToLive));
        Assert.All(fragments[..2], f => Assert.Equal(link, bench.Link(f)));
        Assert.Equal(packet[20..], bench.Packet(fragments[0])[20..].Concat(bench.Packet(fragments[1])[20..]));
    }

    [Fact]
    [Requirement("RFC6864-S4.3-2")]
    [Requirement("RFC4787-REQ-13")]
    public void A_datagram_that_may_not_be_fragmented_never_is()
    {
        using FrameBench bench = new();
        byte[] packet = FrameBench.Ipv4(1500, df: true);
        Frame frame = bench.Put(packet);
        Frame[] fragments = new Frame[Ipv4Fragmenter.FragmentsMax];
        Assert.Equal(0, new Ipv4Fragmenter(bench.Pool).Split(frame, 14, 1400, fragments, out DropReason refusal));
        Assert.Equal(DropReason.TooBig, refusal);
        Assert.Equal(packet, bench.Packet(frame));
        Assert.Equal(bench.Pool.StartCount - 1, bench.Pool.Count);
    }

    [Fact]
    [Requirement("RFC791-FRAG")]
    public void Only_options_marked_for_copying_go_into_later_fragments()
    {
        using FrameBench bench = new();
        // Record route (not copied), no operation, security (copied), end of list.
        byte[] options = [7, 7, 4, 0, 0, 0, 0, 1, 130, 5, 0xAA, 0xBB, 0xCC, 0, 0, 0];
        byte[] packet = FrameBench.Ipv4(1000, options: options);
        Frame frame = bench.Put(packet);
        Frame[] fragments = new Frame[Ipv4Fragmenter.FragmentsMax];
        int count = new Ipv4Fragmenter(bench.Pool).Split(frame, 14, 576, fragments, out _);
        Assert.Equal(2, count);
        byte[] first = bench.Packet(fragments[0]);
        byte[] second = bench.Packet(fragments[1]);
        Assert.Equal(options, first[20..36]);
        Assert.Equal(0x47, second[0]);
        Assert.Equal([130, 5, 0xAA, 0xBB, 0xCC, 0, 0, 0], second[20..28]);
        Assert.True(Checksum.IsRight(second.AsSpan(0, 28)));
        Assert.Equal(packet[36..], first[36..].Concat(second[28..]));
    }

    [Fact]
    public void A_fragment_can_be_fragmented_again()
    {
        using FrameBench bench = new();
        byte[] packet = FrameBench.Ipv4(1420);
        Assert.True(Ipv4View.TryOpen(packet, out Ipv4View view, out _));
        view.FlagsAndOffset = 0x2000 | (1480 / 8);
        view.FillHeaderChecksum();
        Frame[] fragments = new Frame[Ipv4Fragmenter.FragmentsMax];
        int count = new Ipv4Fragmenter(bench.Pool).Split(bench.Put(packet), 14, 1280, fragments, out _);
        Assert.Equal(2, count);
        Assert.Equal([0x2000 | 185, 0x2000 | (185 + 157)], fragments[..2].Select(f => Word(bench.Packet(f), 6)));
    }

    [Fact]
    public void Fragments_of_any_packet_over_any_mtu_put_together_give_the_packet()
    {
        var packets = Gen.Select(Gen.Int[21, 9000], Gen.Int[68, 4000], Gen.Int[0, 10], Gen.Bool);
        packets.Sample((length, mtu, optionWords, v6) =>
        {
            using FrameBench bench = new(256, 16384);
            byte[] options = Enumerable.Repeat((byte)1, optionWords * 4).ToArray();
            byte[] packet = FrameBench.Ipv4(length + options.Length, options: options);
            byte[] sent = v6 ? FrameBench.Ipv6(IpProtocol.Ipv4, packet) : packet;
            mtu = v6 ? Math.Max(mtu, 1280) : mtu;
            Frame frame = bench.Put(sent);
            Frame[] fragments = new Frame[256];
            int count = v6
                ? new Ipv6Fragmenter(bench.Pool, 3).Split(frame, 14, mtu, fragments, out _)
                : new Ipv4Fragmenter(bench.Pool).Split(frame, 14, mtu, fragments, out _);
            if (count == 0)
                return bench.Pool.Count == 255 && mtu - 20 - options.Length < 8;
            byte[] whole = v6 ? JoinIpv6(bench, fragments[..count], mtu) : JoinIpv4(bench, fragments[..count], mtu);
            foreach (Frame each in fragments[..count])
                bench.GiveBack(each);
            bench.AllAreHome();
            return v6 ? whole.SequenceEqual(packet) : whole.SequenceEqual(packet.Skip(20 + options.Length));
        }, iter: 500);
    }

    private static int Word(byte[] bytes, int at) => (bytes[at] << 8) | bytes[at + 1];

    private static byte[] JoinIpv6(FrameBench bench, Frame[] fragments, int mtu)
    {
        if (fragments.Length == 1)
            return bench.Packet(fragments[0])[40..];
        List<byte> whole = [];
        foreach (byte[] piece in fragments.Select(f => bench.Packet(f)))
        {
            Assert.True(piece.Length <= mtu);
            Assert.Equal(piece.Length - 40, Word(piece, 4));
            Assert.Equal(whole.Count, Word(piece, 42) & 0xFFF8);
            whole.AddRange(piece[48..]);
            Assert.Equal(piece.SequenceEqual(bench.Packet(fragments[^1])) ? 0 : 1, Word(piece, 42) & 7);
        }

        return whole.ToArray();
    }

    private static byte[] JoinIpv4(FrameBench bench, Frame[] fragments, int mtu)
    {
        List<byte> whole = [];
        for (int i = 0; i < fragments.Length; i++)
        {
            byte[] piece = bench.Packet(fragments[i]);
            int header = (piece[0] & 15) * 4;
            Assert.True(piece.Length <= mtu);
            Assert.Equal(piece.Length, Word(piece, 2));
            Assert.Equal(whole.Count, (Word(piece, 6) & 0x1FFF) * 8);
            Assert.Equal(i < fragments.Length - 1, (Word(piece, 6) & 0x2000) != 0);
            Assert.True(Checksum.IsRight(piece.AsSpan(0, header)));
            whole.AddRange(piece[header..]);
        }

        return whole.ToArray();
    }
}
