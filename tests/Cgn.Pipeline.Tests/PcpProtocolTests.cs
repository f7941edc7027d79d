using System;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>PCP requests and what is wrong with them (RFC 6887 sections 7 and 8).</summary>
public sealed class PcpProtocolTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S14.1-ANN")]
    [Requirement("RFC6887-S8.5-EPOCH")]
    public void Announce_tells_the_seconds_since_the_state_began(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        PcpAnswer first = host.Ask(PcpPackets.Request(host.Host.Address, 0, lifetime: 0));
        Assert.Equal((0, 0u), (first.Result, first.Lifetime));
        bench.Advance(100);
        Assert.Equal(100u, host.Ask(PcpPackets.Request(host.Host.Address, 0, lifetime: 0)).Epoch - first.Epoch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S8.2-SHORT")]
    public void What_is_no_request_is_not_answered(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        Assert.Empty(host.Send([2]));
        byte[] response = PcpPackets.Request(host.Host.Address, PcpPackets.Map);
        response[1] |= 0x80;
        Assert.Empty(host.Send(response));
        Assert.Empty(host.Send(PcpPackets.Request(host.Host.Address, 0)[..20]));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0, 12)]
    [InlineData(3, 60)]
    [InlineData(1, 24)]
    [Requirement("RFC6887-S8.2-VER")]
    public void Other_versions_learn_which_one_is_spoken(int version, int length)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        byte[] message = new byte[length];
        message[0] = (byte)version;
        Assert.Equal((1, 1800u), (host.Ask(message).Result, host.Ask(message).Lifetime));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(56)]
    [InlineData(1104)]
    [Requirement("RFC6887-S8.2-LEN")]
    [Requirement("RFC6887-S7-1")]
    public void Lengths_that_can_not_be_are_malformed(int length)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        byte[] message = PcpPackets.Request(host.Host.Address, PcpPackets.Map);
        Array.Resize(ref message, length);
        PcpAnswer answer = host.Ask(message);
        Assert.Equal(3, answer.Result);
        Assert.InRange(answer.Bytes.Length, 24, 1100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S8.2-ADDR")]
    public void Nobody_speaks_for_another_address(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        Assert.Equal(12, host.Ask(PcpPackets.Request("10.9.9.9", PcpPackets.Map)).Result);
        Assert.Equal(0u, bench.Gateway.Shard(0).MappingCount);
    }

    [Fact]
    [Requirement("RFC6887-S8.2-OPC")]
    [Requirement("RFC6887-S7.4-LIFE")]
    public void Unknown_opcodes_are_answered_with_what_came()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        byte[] message = PcpPackets.Request(host.Host.Address, PcpPackets.Map);
        message[1] = 77;
        PcpAnswer answer = host.Ask(message);
        Assert.Equal((4, 1800u), (answer.Result, answer.Lifetime));
        Assert.Equal(message.AsSpan(24).ToArray(), answer.Bytes.AsSpan(24).ToArray());
    }

    [Theory]
    [InlineData(6, new byte[] { 2, 0, 0, 0, 2, 0, 0, 0 })]
    [Requirement("RFC6887-S7.3-DUP")]
    public void An_option_too_often_is_malformed(int result, byte[] options) => AssertFault(result, options);

    [Theory]
    [InlineData(6, new byte[] { 2, 0, 0, 200 })]
    [InlineData(6, new byte[] { 200, 0, 1, 0 })]
    [Requirement("RFC6887-S7.3-STR")]
    public void An_option_past_the_end_is_malformed(int result, byte[] options) => AssertFault(result, options);

    [Theory]
    [InlineData(5, new byte[] { 50, 0, 0, 0 })]
    [InlineData(6, new byte[] { 2, 0, 0, 4, 0, 0, 0, 0 })]
    [Requirement("RFC6887-S7.3-MAND")]
    [Requirement("RFC6887-S7.3-ATOM")]
    public void A_mandatory_option_is_heeded_or_the_request_refused(int result, byte[] options) =>
        AssertFault(result, options);

    [Theory]
    [InlineData(5, new byte[] { 50, 0, 0, 0, 2, 0, 0, 200 })]
    [InlineData(6, new byte[] { 2, 0, 0, 4, 0, 0, 0, 0, 50, 0, 0, 0 })]
    [Requirement("RFC6887-S7.3-ORD")]
    public void The_first_wrong_option_counts(int result, byte[] options) => AssertFault(result, options);

    [Fact]
    [Requirement("RFC6887-S13.1-TRUST")]
    public void Nobody_asks_for_a_third_party()
    {
        byte[] option = new byte[20];
        option[0] = 1;
        option[3] = 16;
        PcpPackets.WriteAddress(option.AsSpan(4), "192.168.1.77");
        AssertFault(5, option);
    }

    [Fact]
    [Requirement("RFC6887-S7.3-OPT")]
    [Requirement("RFC6887-S7.1-RSV")]
    public void Unknown_optional_options_and_reserved_bits_change_nothing()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        byte[] message = PcpPackets.Request(
            host.Host.Address, PcpPackets.Map, options: [200, 0, 0, 4, 1, 2, 3, 4]);
        message[2] = message[3] = 0xFF;
        message[37] = message[38] = message[39] = 0xFF;
        PcpAnswer answer = host.Ask(message);
        Assert.Equal((0, 60), (answer.Result, answer.Bytes.Length));
        Assert.Equal(0, answer.Bytes[2]);
        Assert.Equal(new byte[12], answer.Bytes.AsSpan(12, 12).ToArray());
    }

    [Fact]
    [Requirement("RFC6887-S8.2-IF")]
    public void Requests_from_outside_are_not_answered()
    {
        using GatewayBench bench = new();
        string external = new Host(bench, softwire: true).External(tcp: false, 1).Address;
        byte[] message = PcpPackets.Request(GatewayBench.Server, PcpPackets.Map);
        Assert.Empty(bench.FromServer(PcpPackets.Datagram(GatewayBench.Server, 7000, external, 5351, message)));
        Assert.Empty(bench.Collect(FramePort.Outside));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.NoMapping));
    }

    [Fact]
    [Requirement("RFC6887-S8.2-LOAD")]
    public void A_flood_of_requests_is_answered_in_part_and_traffic_goes_on()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        for (int i = 0; i < 500; i++)
            host.Send(PcpPackets.Request(host.Host.Address, 0));
        Assert.InRange(bench.Gateway.Drops(DropReason.SetupRateLimit), 300, 450);
        Assert.Single(host.Host.Udp(5000, GatewayBench.Server, 53));
    }

    [Fact]
    [Requirement("RFC6887-S11-DIS")]
    public void The_operator_may_switch_it_off_or_either_half()
    {
        using GatewayBench without = new(settings: static all => all with
        {
            Pcp = all.Pcp with { Map = false, Peer = false },
        });
        PcpHost refused = new(without, softwire: true);
        Assert.Equal((2, 2), (refused.Map().Result, refused.Peer().Result));
        using GatewayBench off = new(settings: static all => all with { Pcp = all.Pcp with { Enabled = false } });
        PcpHost silent = new(off, softwire: true);
        Assert.Empty(silent.Send(PcpPackets.Request(silent.Host.Address, PcpPackets.Map)));
        Assert.Equal(1, off.Gateway.Drops(DropReason.NotOurs));
    }

    private static void AssertFault(int result, byte[] options)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        Assert.Equal(result, host.Map(suggested: 2000, options: options).Result);
        Assert.Equal(0u, bench.Gateway.Shard(0).MappingCount);
    }
}
