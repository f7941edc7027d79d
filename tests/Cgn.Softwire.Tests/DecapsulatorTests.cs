using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Testing;
using Cgn.Wire;

using CsCheck;

using Xunit;

namespace Cgn.Softwire.Tests;

public class DecapsulatorTests
{
    private static readonly byte[] s_inner = FrameBench.Ipv4(64, tos: 0x28);

    // Hop-by-hop or destination options with one PadN over the whole header.
    private static byte[] Options(IpProtocol next) => [(byte)next, 0, 1, 4, 0, 0, 0, 0];

    private static byte[] With(IpProtocol first, params byte[][] parts) =>
        FrameBench.Ipv6(first, parts.SelectMany(p => p).ToArray(), tc: 0x5A);

    [Fact]
    [Requirement("RFC6333-S5.2-1")]
    public void A_bare_softwire_packet_opens()
    {
        Assert.True(Decapsulator.TryOpen(With(IpProtocol.Ipv4, s_inner), out SoftwireEnvelope envelope));
        Assert.Equal(40, envelope.InnerOffset);
        Assert.Equal(104, envelope.PacketLength);
        Assert.Equal(0x5A, envelope.TrafficClass);
    }

    [Theory]
    [Requirement("RFC2473-S4.1.1-2")]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(255)]
    public void The_encapsulation_limit_of_a_Linux_B4_is_removed_whatever_it_says(byte limit)
    {
        byte[] header = [4, 0, 4, 1, limit, 1, 1, 0];
        byte[] packet = With(IpProtocol.DestinationOptions, header, s_inner);
        Assert.True(Decapsulator.TryOpen(packet, out SoftwireEnvelope envelope));
        Assert.Equal(48, envelope.InnerOffset);
    }

    [Fact]
    [Requirement("RFC2473-S3.3-1")]
    public void Extension_headers_are_read_from_left_to_right()
    {
        byte[] routingDone = [(byte)IpProtocol.Ipv4, 0, 0, 0, 0, 0, 0, 0];
        byte[] packet = With(
            IpProtocol.HopByHop,
            Options(IpProtocol.DestinationOptions),
            Options(IpProtocol.Routing),
            routingDone,
            s_inner);
        Assert.True(Decapsulator.TryOpen(packet, out SoftwireEnvelope envelope));
        Assert.Equal(64, envelope.InnerOffset);
        Assert.Equal(0x5A, envelope.TrafficClass);
    }

    [Fact]
    public void Link_padding_is_not_part_of_the_packet()
    {
        byte[] padded = [.. With(IpProtocol.Ipv4, s_inner), 0, 0, 0, 0];
        Assert.True(Decapsulator.TryOpen(padded, out SoftwireEnvelope envelope));
        Assert.Equal(padded.Length - 4, envelope.PacketLength);
    }

    [Theory]
    [InlineData(IpProtocol.HopByHop, IpProtocol.Fragment, 48, 40)]
    [InlineData(IpProtocol.Fragment, IpProtocol.Ipv4, 40, 6)]
    public void A_fragment_is_told_with_where_its_header_and_the_naming_field_are(
        IpProtocol first, IpProtocol second, int header, int naming)
    {
        byte[] front = first == IpProtocol.HopByHop ? Options(second) : [];
        byte[] packet = With(first, front, [4, 0, 0, 1, 0, 0, 0, 9], s_inner);
        Assert.False(Decapsulator.TryOpen(packet, out SoftwireEnvelope envelope));
        Assert.True(envelope.IsFragment);
        Assert.Equal(DropReason.None, envelope.Refusal.Reason);
        Assert.Equal(header, envelope.FragmentHeaderOffset);
        Assert.Equal(naming, envelope.NextHeaderOffset);
    }

    [Fact]
    public void Icmpv6_is_told_apart_from_softwire_packets()
    {
        Assert.False(Decapsulator.TryOpen(With(IpProtocol.Icmpv6, new byte[8]), out SoftwireEnvelope envelope));
        Assert.True(envelope.IsIcmpv6);
        Assert.Equal(40, envelope.InnerOffset);
        Assert.Equal(DropReason.None, envelope.Refusal.Reason);
    }

    [Theory]
    [Requirement("RFC6333-S5.2-1")]
    [Requirement("RFC8200-NH")]
    [InlineData(IpProtocol.Ipv6)]
    [InlineData(IpProtocol.Gre)]
    [InlineData((IpProtocol)200)]
    public void Anything_but_IPv4_is_refused_with_a_pointer_to_the_next_header(IpProtocol protocol)
    {
        Assert.False(Decapsulator.TryOpen(With(protocol, s_inner), out SoftwireEnvelope envelope));
        Assert.Equal(SoftwireRefusal.Problem(DropReason.NotSoftwire, 1, 6), envelope.Refusal);
        byte[] behindOptions = With(IpProtocol.DestinationOptions, Options(protocol), s_inner);
        Assert.False(Decapsulator.TryOpen(behindOptions, out envelope));
        Assert.Equal(SoftwireRefusal.Problem(DropReason.NotSoftwire, 1, 40), envelope.Refusal);
    }

    [Fact]
    public void No_next_header_is_dropped_in_silence()
    {
        Assert.False(Decapsulator.TryOpen(With(IpProtocol.NoNext), out SoftwireEnvelope envelope));
        Assert.Equal(SoftwireRefusal.Silent(DropReason.NotSoftwire), envelope.Refusal);
    }

    [Fact]
    [Requirement("RFC2473-S3.3-1")]
    public void A_routing_header_with_segments_left_is_refused_at_its_type()
    {
        byte[] routing = [(byte)IpProtocol.Ipv4, 0, 0, 1, 0, 0, 0, 0];
        Assert.False(Decapsulator.TryOpen(With(IpProtocol.Routing, routing, s_inner), out SoftwireEnvelope envelope));
        Assert.Equal(SoftwireRefusal.Problem(DropReason.RefusedExtensionHeader, 0, 42), envelope.Refusal);
    }

    [Theory]
    [InlineData(0x1E, true, false)]
    [InlineData(0x5E, false, false)]
    [InlineData(0x9E, false, true)]
    [InlineData(0xDE, false, true)]
    public void Unknown_options_are_treated_as_their_type_asks(byte type, bool opens, bool answered)
    {
        byte[] options = [(byte)IpProtocol.Ipv4, 0, type, 0, 1, 2, 0, 0];
        byte[] packet = With(IpProtocol.DestinationOptions, options, s_inner);
        Assert.Equal(opens, Decapsulator.TryOpen(packet, out SoftwireEnvelope envelope));
        if (opens)
            return;
        Assert.Equal(DropReason.RefusedExtensionHeader, envelope.Refusal.Reason);
        Assert.Equal(answered, envelope.Refusal.IsAnswered);
        if (answered)
            Assert.Equal((2, 42), (envelope.Refusal.Code, envelope.Refusal.Pointer));
    }

    [Fact]
    public void More_headers_than_are_read_are_refused()
    {
        byte[] another = Options(IpProtocol.DestinationOptions);
        byte[][] chain = [.. Enumerable.Repeat(another, 9), Options(IpProtocol.Ipv4), s_inner];
        Assert.False(Decapsulator.TryOpen(With(IpProtocol.DestinationOptions, chain), out SoftwireEnvelope envelope));
        Assert.Equal(DropReason.BadIpv6Header, envelope.Refusal.Reason);
    }

    [Fact]
    public void Packets_cut_short_are_refused_at_every_length()
    {
        byte[] header = [4, 0, 4, 1, 4, 1, 1, 0];
        byte[] packet = With(IpProtocol.DestinationOptions, header, s_inner);
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.False(Decapsulator.TryOpen(packet.AsSpan(0, length), out SoftwireEnvelope envelope));
            Assert.Equal(DropReason.Truncated, envelope.Refusal.Reason);
        }

        packet[0] = 0x45;
        Assert.False(Decapsulator.TryOpen(packet, out SoftwireEnvelope other));
        Assert.Equal(DropReason.BadIpv6Header, other.Refusal.Reason);
    }

    [Fact]
    public void Every_packet_gets_exactly_one_answer()
    {
        Gen<byte[]> tail = Gen.Byte.Array[0, 80];
        byte[] first = [0, 4, 43, 44, 58, 59, 60, 200];
        Gen.Select(Gen.Int[0, first.Length - 1], tail).Sample((next, bytes) =>
        {
            byte[] packet = FrameBench.Ipv6((IpProtocol)first[next], bytes);
            bool open = Decapsulator.TryOpen(packet, out SoftwireEnvelope e);
            bool refused = e.Refusal.Reason != DropReason.None;
            int answers = new[] { open, e.IsFragment, e.IsIcmpv6, refused }.Count(answer => answer);
            return answers == 1 && (refused || e.InnerOffset <= e.PacketLength)
                && e.Refusal.Pointer < packet.Length;
        });
    }

    // Rows inner, columns outer, in the order Not-ECT, ECT(0), ECT(1), CE as RFC 6040 figure 4 prints them; -1 is a
    // drop.
    [Fact]
    [Requirement("RFC6040-S4.2-1")]
    public void Ecn_at_the_tunnel_end_follows_every_cell_of_the_table()
    {
        byte[] points = [0b00, 0b10, 0b01, 0b11];
        int[][] table =
        [
            [0b00, 0b00, 0b00, -1],
            [0b10, 0b10, 0b01, 0b11],
            [0b01, 0b01, 0b01, 0b11],
            [0b11, 0b11, 0b11, 0b11],
        ];
        for (int i = 0; i < 4; i++)
        {
            for (int o = 0; o < 4; o++)
            {
                byte inner = (byte)(0xB8 | points[i]);
                byte outer = (byte)(0x28 | points[o]);
                byte ecn = Decapsulator.EcnCombine(inner, outer, out bool drop);
                Assert.Equal(table[i][o] == -1, drop);
                if (!drop)
                    Assert.Equal(table[i][o], ecn);
            }
        }
    }

    [Theory]
    [Requirement("RFC6333-S7.1-2")]
    [Requirement("RFC2983-S3.1-1")]
    [Requirement("RFC2983-S3.1-2")]
    [Requirement("RFC8513-DSCP")]
    [InlineData(0x00, 0x28, -1, 0x28)]
    [InlineData(0xB8, 0x00, -1, 0x00)]
    [InlineData(0xB8, 0x28, 0, 0xB8)]
    [InlineData(0xB8, 0x28, 10, 0xB8)]
    [InlineData(0xBA, 0x2B, -1, 0x2B)]
    [InlineData(0xBA, 0x2B, 0, 0xBB)]
    public void Dscp_comes_from_outside_in_the_uniform_model_and_stays_in_the_pipe_model(
        byte inner, byte outer, int setting, byte result)
    {
        Assert.Equal(result, Decapsulator.InnerTos(inner, outer, setting, out bool drop));
        Assert.False(drop);
    }
}
