using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Testing;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Internet;

public sealed class Ipv6ExtensionWalkTests
{
    // Numbers of headers, small lengths and option types, so that random bytes often make chains.
    private static readonly Gen<byte> s_header = Gen.OneOf(new[] { 0, 0, 1, 4, 43, 44, 60 }
        .Select(value => Gen.Const((byte)value)).ToArray<IGen<byte>>());

    [Fact]
    public void Without_extensions_the_upper_layer_follows_the_header()
    {
        Ipv6ExtensionWalk walk = Walk(IpProtocol.Ipv4, Golden.UdpPacket);
        Assert.Equal((Ipv6WalkKind.Upper, IpProtocol.Ipv4), (walk.Kind, walk.Protocol));
        Assert.Equal((40, 6), (walk.Offset, walk.Pointer));
    }

    [Fact]
    public void The_tunnel_encapsulation_limit_of_a_linux_b4_is_known()
    {
        Ipv6ExtensionWalk walk = Walk(
            IpProtocol.DestinationOptions, [.. Golden.LimitOption(IpProtocol.Ipv4), .. Golden.UdpPacket]);
        Assert.Equal((Ipv6WalkKind.Upper, IpProtocol.Ipv4), (walk.Kind, walk.Protocol));
        Assert.Equal((48, 40), (walk.Offset, walk.Pointer));
    }

    [Fact]
    [Requirement("RFC8200-NH")]
    public void An_unknown_upper_layer_is_named_by_the_field_that_chose_it()
    {
        Ipv6ExtensionWalk walk = Walk(IpProtocol.DestinationOptions, [200, 0, 1, 4, 0, 0, 0, 0]);
        Assert.Equal((Ipv6WalkKind.Upper, (IpProtocol)200, 40), (walk.Kind, walk.Protocol, walk.Pointer));
        walk = Walk((IpProtocol)200, []);
        Assert.Equal((Ipv6WalkKind.Upper, 6), (walk.Kind, walk.Pointer));
    }

    [Fact]
    public void Every_known_header_is_walked_from_left_to_right()
    {
        byte[] payload =
        [
            (byte)IpProtocol.DestinationOptions, 0, 5, 2, 0, 0, 1, 0,
            (byte)IpProtocol.Routing, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            (byte)IpProtocol.DestinationOptions, 0, 2, 0, 0, 0, 0, 0,
            (byte)IpProtocol.Ipv4, 0, 4, 1, 4, 1, 1, 0,
        ];
        Ipv6ExtensionWalk walk = Walk(IpProtocol.HopByHop, payload);
        Assert.Equal((Ipv6WalkKind.Upper, IpProtocol.Ipv4), (walk.Kind, walk.Protocol));
        Assert.Equal((80, 72), (walk.Offset, walk.Pointer));
    }

    [Fact]
    public void Hop_by_hop_options_anywhere_but_first_are_unrecognised()
    {
        Ipv6ExtensionWalk walk = Walk(
            IpProtocol.DestinationOptions, [0, 0, 1, 4, 0, 0, 0, 0, 4, 0, 1, 4, 0, 0, 0, 0]);
        Assert.Equal((Ipv6WalkKind.Unrecognised, 40), (walk.Kind, walk.Pointer));
        byte[] fragment = Golden.Fragment(0, false, [4, 0, 1, 4, 0, 0, 0, 0]);
        fragment[40] = (byte)IpProtocol.HopByHop;
        Assert.Equal(Ipv6WalkKind.Unrecognised, Ipv6ExtensionWalk.BehindFragment(fragment, 40).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(200)]
    public void A_routing_header_with_segments_left_is_refused_at_its_type(byte type)
    {
        Ipv6ExtensionWalk walk = Walk(IpProtocol.Routing, [4, 0, type, 1, 0, 0, 0, 0, .. Golden.UdpPacket]);
        Assert.Equal((Ipv6WalkKind.RoutingWithSegmentsLeft, 42), (walk.Kind, walk.Pointer));
        walk = Walk(IpProtocol.Routing, [4, 0, type, 0, 0, 0, 0, 0, .. Golden.UdpPacket]);
        Assert.Equal((Ipv6WalkKind.Upper, 48), (walk.Kind, walk.Offset));
    }

    [Theory]
    [InlineData(0x1E, Ipv6WalkKind.Upper, Ipv6OptionAction.Skip)]
    [InlineData(0x5E, Ipv6WalkKind.OptionRefused, Ipv6OptionAction.Discard)]
    [InlineData(0x9E, Ipv6WalkKind.OptionRefused, Ipv6OptionAction.DiscardAndReport)]
    [InlineData(0xC2, Ipv6WalkKind.OptionRefused, Ipv6OptionAction.DiscardAndReportUnicast)]
    public void An_unknown_option_is_treated_as_its_type_asks(byte type, Ipv6WalkKind kind, Ipv6OptionAction action)
    {
        foreach (IpProtocol header in new[] { IpProtocol.HopByHop, IpProtocol.DestinationOptions })
        {
            Ipv6ExtensionWalk walk = Walk(header, [4, 0, 0, type, 2, 0, 0, 0]);
            Assert.Equal((kind, action), (walk.Kind, walk.OptionAction));
            if (kind == Ipv6WalkKind.OptionRefused)
                Assert.Equal(43, walk.Pointer);
        }
    }

    [Theory]
    [InlineData("0400010500000000", 43)]
    [InlineData("0400040200000000", 43)]
    [InlineData("0400010300000001", 47)]
    [InlineData("0400040400000000", 43)]
    [InlineData("04001e0500000000", 43)]
    public void An_option_with_an_impossible_length_is_malformed(string hex, int pointer)
    {
        Ipv6ExtensionWalk walk = Walk(IpProtocol.DestinationOptions, Convert.FromHexString(hex));
        Assert.Equal((Ipv6WalkKind.OptionMalformed, pointer), (walk.Kind, walk.Pointer));
    }

    [Fact]
    public void A_fragment_header_ends_the_walk_and_an_atomic_one_is_walked_behind()
    {
        byte[] packet = Golden.Fragment(0, false, Golden.UdpPacket);
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(packet);
        Assert.Equal((Ipv6WalkKind.Fragment, 40, 6), (walk.Kind, walk.Offset, walk.Pointer));
        walk = Ipv6ExtensionWalk.BehindFragment(packet, walk.Offset);
        Assert.Equal((Ipv6WalkKind.Upper, IpProtocol.Ipv4), (walk.Kind, walk.Protocol));
        Assert.Equal((48, 40), (walk.Offset, walk.Pointer));
    }

    [Fact]
    public void Eight_headers_are_read_and_a_ninth_is_too_long()
    {
        foreach (int headers in Enumerable.Range(0, 12))
        {
            List<byte> payload = [];
            for (int header = 1; header <= headers; header++)
                payload.AddRange([header == headers ? (byte)4 : (byte)60, 0, 1, 4, 0, 0, 0, 0]);
            Ipv6ExtensionWalk walk = Walk(headers == 0 ? IpProtocol.Ipv4 : IpProtocol.DestinationOptions, [.. payload]);
            Assert.Equal(headers > Ipv6ExtensionWalk.HeadersMax ? Ipv6WalkKind.TooLong : Ipv6WalkKind.Upper, walk.Kind);
        }
    }

    [Fact]
    public void Options_without_end_are_too_long()
    {
        byte[] header = new byte[2048];
        (header[0], header[1]) = (4, 255);
        Assert.Equal(Ipv6WalkKind.TooLong, Walk(IpProtocol.DestinationOptions, header).Kind);
        // One padding of 7 bytes and 31 of one byte are the most that is read; one of 6 leaves one too many.
        byte[] most = [4, 4, 1, 5, .. new byte[36]];
        Assert.Equal(Ipv6WalkKind.Upper, Walk(IpProtocol.DestinationOptions, most).Kind);
        most[3] = 4;
        Assert.Equal(Ipv6WalkKind.TooLong, Walk(IpProtocol.DestinationOptions, most).Kind);
    }

    [Fact]
    public void Every_truncation_of_a_chain_is_seen()
    {
        byte[] payload =
        [
            60, 0, 5, 2, 0, 0, 1, 0, 43, 0, 1, 4, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        byte[] packet = Golden.Ipv6(IpProtocol.HopByHop, payload);
        for (int length = 0; length < packet.Length; length++)
            Assert.Equal(Ipv6WalkKind.Truncated, Ipv6ExtensionWalk.From(packet.AsSpan(0, length)).Kind);
        Assert.Equal(Ipv6WalkKind.Upper, Ipv6ExtensionWalk.From(packet).Kind);
        Assert.Equal(Ipv6WalkKind.Truncated, Ipv6ExtensionWalk.BehindFragment(packet, packet.Length - 7).Kind);
    }

    [Fact]
    public void Any_bytes_lead_to_an_offset_and_a_pointer_inside_the_packet() =>
        Gen.Select(s_header, Gen.OneOf(Gen.Byte, s_header).Array[0, 120]).Sample((next, payload) =>
        {
            byte[] packet = Golden.Ipv6((IpProtocol)next, payload);
            Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(packet);
            return walk.Offset >= 40 && walk.Offset <= packet.Length
                && walk.Pointer >= 6 && walk.Pointer < packet.Length
                && (walk.Kind != Ipv6WalkKind.Fragment || packet.Length - walk.Offset >= 8);
        }, iter: 20_000);

    private static Ipv6ExtensionWalk Walk(IpProtocol next, byte[] payload) =>
        Ipv6ExtensionWalk.From(Golden.Ipv6(next, payload));
}
