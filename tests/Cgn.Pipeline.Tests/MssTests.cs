using System;
using System.Collections.Generic;

using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>The MSS that SYNs announce is lowered to what fits (RFC 8513 mss-clamping), and nothing else is
/// touched.</summary>
public sealed class MssTests
{
    private const TcpFlags SynAck = TcpFlags.Syn | TcpFlags.Ack;
    private static readonly byte[] s_usual = [2, 4, 1460 >> 8, 1460 & 255];

    [Theory]
    [InlineData(1460, 1420)]
    [InlineData(1421, 1420)]
    [InlineData(1420, 1420)]
    [InlineData(1300, 1300)]
    [InlineData(536, 536)]
    [Requirement("MSS-CLAMP-1")]
    [Requirement("RFC6333-S6.3-4")]
    [Requirement("RFC8513-MSS")]
    [Requirement("RFC9293-MSS")]
    public void Syn_and_its_answer_are_lowered_to_the_softwires_room_and_never_raised(ushort announced, ushort expected)
    {
        using GatewayBench bench = Bench();
        Host host = new(bench, softwire: true);
        byte[] options = [2, 4, (byte)(announced >> 8), (byte)announced];
        Decoded syn = new(Assert.Single(host.Send(Syn(host, options))));
        Assert.Equal(expected, Mss(syn));
        Decoded answer = host.Receives(Assert.Single(bench.FromServer(Packets.Tcp(
            GatewayBench.Server, 80, syn.Source, syn.Tcp!.SourcePort, SynAck, 1, 1001, options: options))));
        Assert.Equal(expected, Mss(answer));
        Assert.Equal(announced == expected ? 0 : 2, bench.Gateway.Counter(CounterId.MssClamped));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Requirement("MSS-CLAMP-1")]
    public void Option_may_stand_at_any_offset(int before)
    {
        using GatewayBench bench = Bench();
        Host host = new(bench, softwire: true);
        byte[] options = new byte[8];
        Array.Fill(options, (byte)1);
        s_usual.CopyTo(options, before);
        // Decoded verifies the checksum.
        Decoded syn = new(Assert.Single(host.Send(Syn(host, options))));
        Assert.Equal(1420, BigEndian16(syn.Tcp!.Bytes, 20 + before + 2));
    }

    [Fact]
    [Requirement("RFC8513-MSS")]
    [Requirement("MSS-CLAMP-1")]
    public void Syn_without_the_option_and_segments_without_syn_stay_as_they_are()
    {
        using GatewayBench bench = Bench();
        Host host = new(bench, softwire: true);
        byte[] none = [1, 1, 1, 0];
        Assert.Equal(none, new Decoded(Assert.Single(host.Send(Syn(host, none)))).Tcp!.Bytes[20..24]);
        Assert.Equal(20, new Decoded(Assert.Single(host.Send(Syn(host, [])))).Tcp!.HeaderData.Length);
        byte[] late = Packets.Tcp(
            host.Address, 5000, GatewayBench.Server, 80, TcpFlags.Ack, 1001, 1, options: s_usual);
        Assert.Equal(1460, Mss(new Decoded(Assert.Single(host.Send(late)))));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.MssClamped));
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 5, 180 })]
    [InlineData(new byte[] { 2, 1, 5, 180 })]
    [InlineData(new byte[] { 3, 200, 2, 4 })]
    [InlineData(new byte[] { 1, 1, 1, 2 })]
    [Requirement("MSS-CLAMP-1")]
    public void Malformed_list_passes_as_it_is_and_is_counted(byte[] options)
    {
        using GatewayBench bench = Bench();
        Host host = new(bench, softwire: true);
        Decoded syn = new(Assert.Single(host.Send(Syn(host, options))));
        Assert.Equal(options, syn.Tcp!.Bytes[20..24]);
        Assert.Equal(1, bench.Gateway.Counter(CounterId.TcpOptionsMalformed));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.MssClamped));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("MSS-CLAMP-1")]
    public void Syn_in_a_first_fragment_is_lowered(bool outbound)
    {
        using GatewayBench bench = Bench();
        Host host = new(bench, softwire: true);
        (string address, ushort port) = host.External(tcp: true, 5000, GatewayBench.Server, 80);
        byte[] whole = outbound
            ? Packets.Tcp(host.Address, 5000, GatewayBench.Server, 80, TcpFlags.Syn, 1000, 0, 64, s_usual)
            : Packets.Tcp(GatewayBench.Server, 80, address, port, SynAck, 1, 1001, 64, s_usual);
        List<byte[]> parts = [];
        foreach (byte[] fragment in new[] { Fragment(whole, 0, 48), Fragment(whole, 48, 40) })
            parts.AddRange(outbound ? host.Send(fragment) : bench.FromServer(fragment));
        Assert.Equal(2, parts.Count);
        int inner = outbound ? 14 : 54;
        byte[] segment = [.. parts[0].AsSpan(inner + 20, 48), .. parts[1].AsSpan(inner + 20, 40)];
        Assert.Equal(1420, BigEndian16(segment, 22));
        Decoded first = new(parts[0]);
        ushort pseudo = Checksum.PseudoHeader(
            Ipv4Address.Parse(first.Source), Ipv4Address.Parse(first.Destination), IpProtocol.Tcp, segment.Length);
        ushort sum = BigEndian16(segment, 16);
        segment.AsSpan(16, 2).Clear();
        Checksum.FillTcp(segment, pseudo);
        Assert.Equal(BigEndian16(segment, 16), sum);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [Requirement("MSS-CLAMP-1")]
    public void Neighbours_syns_are_lowered_for_the_narrower_of_the_two(bool callerBySoftwire, bool calledBySoftwire)
    {
        using GatewayBench bench = Bench();
        Host one = new(bench, callerBySoftwire);
        Host two = new(bench, calledBySoftwire, 2);
        (string address, ushort port) = two.External(tcp: true, 443);
        Decoded syn = two.Receives(Assert.Single(one.ToNeighbour(
            Packets.Tcp(one.Address, 5000, address, port, TcpFlags.Syn, 1000, options: s_usual))));
        Assert.Equal(1420, Mss(syn));
        Decoded answer = one.Receives(Assert.Single(two.ToNeighbour(Packets.Tcp(
            two.Address, 443, syn.Source, syn.Tcp!.SourcePort, SynAck, 1, 1001, options: s_usual))));
        Assert.Equal(1420, Mss(answer));
    }

    [Fact]
    [Requirement("RFC8513-MSS")]
    public void Off_leaves_everything_alone_and_a_size_counts_for_both_kinds_of_access()
    {
        foreach ((int setting, int expected) in new[] { (0, 1460), (1200, 1200) })
        {
            using GatewayBench bench = new(s => s with { MssClamp = setting });
            foreach (bool softwire in new[] { true, false })
            {
                Host host = new(bench, softwire);
                Assert.Equal(expected, Mss(new Decoded(Assert.Single(host.Send(Syn(host, s_usual))))));
            }
        }
    }

    // 1,460 bytes fit a softwire whole.
    private static GatewayBench Bench() => new(s => s with { TunnelMtu = 1500 });

    private static byte[] Syn(Host host, byte[] options) =>
        Packets.Tcp(host.Address, 5000, GatewayBench.Server, 80, TcpFlags.Syn, 1000, options: options);

    private static int Mss(Decoded packet) => BigEndian16(packet.Tcp!.Bytes, 22);

    private static ushort BigEndian16(byte[] bytes, int at) => (ushort)((bytes[at] << 8) | bytes[at + 1]);

    private static byte[] Fragment(byte[] packet, int start, int length) => Packets.Ipv4(
        new Decoded(Packets.Ethernet(packet)).Source, new Decoded(Packets.Ethernet(packet)).Destination, IpProtocol.Tcp,
        packet.AsSpan(20 + start, length), identification: 9, dontFragment: false,
        moreFragments: 20 + start + length < packet.Length, fragmentOffset: start);
}
