using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

// What is believed, and who is told.
public sealed partial class SoftwireErrorTests
{
    [Fact]
    [Requirement("RFC8201-S4-1")]
    public void Less_than_every_path_takes_is_not_believed()
    {
        using GatewayBench bench = new(Named);
        Flow flow = new(bench, "udp", 1);
        Assert.Empty(flow.Error(2, 0, 1279));
        Assert.Empty(flow.Error(2, 0, 600));
        Assert.Empty(bench.Collect(FramePort.Outside));
        Assert.Equal(1500, flow.LargestWhole());
        Assert.Equal(2, bench.Gateway.Drops(DropReason.MtuTooSmall));
        flow.Error(2, 0, 1280);
        Assert.Equal(1240, flow.LargestWhole());
    }

    [Theory]
    [InlineData("not from us")]
    [InlineData("to an unknown B4")]
    [InlineData("to another address of the B4's prefix")]
    [InlineData("no softwire in it")]
    [InlineData("cut short")]
    [InlineData("no packet at all")]
    [Requirement("RFC8201-S4-3")]
    public void A_quote_that_is_no_packet_of_ours_is_not_believed(string what)
    {
        using GatewayBench bench = new(Named, shards: 4);
        Flow flow = new(bench, "udp", 4);
        byte[] quote = [.. flow.Softwire];
        if (what == "not from us")
            quote[8 + 15] ^= 2;
        if (what == "to an unknown B4")
            quote[24 + 6] ^= 1;
        if (what == "to another address of the B4's prefix")
            quote[24 + 15] ^= 1;
        if (what == "no softwire in it")
            quote[6] = (byte)IpProtocol.Udp;
        if (what == "cut short")
            quote = quote[..39];
        if (what == "no packet at all")
            quote = [];
        foreach (byte type in new byte[] { 1, 2, 3, 4 })
            Assert.Empty(bench.FromInside(Packets.Ethernet(Reports.Icmp6(AccessRouter, type, 0, 1300, quote))));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(4, bench.Gateway.Drops(DropReason.IcmpErrorUnmatched));
        Assert.Equal(1500, flow.LargestWhole());
    }

    [Fact]
    [Requirement("RFC8201-S4-3")]
    public void A_message_with_a_wrong_checksum_is_not_believed()
    {
        using GatewayBench bench = new(Named);
        Flow flow = new(bench, "udp", 1);
        byte[] error = Reports.Icmp6(AccessRouter, 2, 0, 1300, flow.Softwire);
        error[^1] ^= 1;
        Assert.Empty(bench.FromInside(Packets.Ethernet(error)));
        Assert.Equal(1500, flow.LargestWhole());
        Assert.Equal(1, bench.Gateway.Drops(DropReason.BadTransportHeader));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1440, false)]
    [Requirement("RFC2473-S8.3-1")]
    public void A_fragment_of_a_softwire_is_believed_and_the_first_tells_whom_to_tell(int offset, bool told)
    {
        using GatewayBench bench = new(Named);
        Flow flow = new(bench, "udp", 1);
        byte[] header = [4, 0, (byte)(offset >> 8), (byte)(offset | 1), 0, 0, 0, 9];
        byte[] quote = [.. flow.Softwire[..40], .. header, .. flow.Softwire[40..]];
        quote[6] = (byte)IpProtocol.Fragment;
        List<byte[]> report = bench.FromInside(Packets.Ethernet(Reports.Icmp6(AccessRouter, 2, 0, 1300, quote)));
        Assert.Equal(told ? 1 : 0, report.Count);
        Assert.Equal(1260, flow.LargestWhole());
    }

    [Theory]
    [InlineData("a short quote", DropReason.None)]
    [InlineData("a session that has ended", DropReason.IcmpErrorUnmatched)]
    [InlineData("reassembly at the B4", DropReason.UnsupportedIcmpv6)]
    [InlineData("a type of no meaning", DropReason.UnsupportedIcmpv6)]
    [Requirement("RFC2473-S8-1")]
    public void Nobody_is_told_about(string what, DropReason counted)
    {
        using GatewayBench bench = new(Named);
        Flow flow = new(bench, "udp", 1);
        if (what == "a session that has ended")
            bench.Advance(400);
        byte[] quote = what == "a short quote" ? flow.Softwire[..(40 + 27)] : flow.Softwire;
        (byte type, byte code) = what switch
        {
            "reassembly at the B4" => ((byte)3, (byte)1),
            "a type of no meaning" => ((byte)100, (byte)0),
            _ => ((byte)1, (byte)0),
        };
        Assert.Empty(bench.FromInside(Packets.Ethernet(Reports.Icmp6(AccessRouter, type, code, 0, quote))));
        Assert.Empty(bench.Collect(FramePort.Inside));
        if (counted != DropReason.None)
            Assert.Equal(1, bench.Gateway.Drops(counted));
    }

    [Fact]
    [Requirement("RFC2473-S8-1")]
    public void Errors_passed_on_keep_to_the_limit_on_errors_and_to_the_sides_that_hear_them()
    {
        using GatewayBench bench = new(all => Named(all) with { IcmpErrorsPerSecond = 10 });
        Flow flow = new(bench, "udp", 1);
        for (int i = 0; i < 100; i++)
            flow.Error(1, 0, 0);
        Assert.Equal(10, bench.Collect(FramePort.Outside).Count);
        Assert.Equal(90, bench.Gateway.Counter(CounterId.IcmpSuppressed));

        using GatewayBench silent = new(all => Named(all) with { IcmpErrorsOutside = false });
        new Flow(silent, "udp", 1).Error(1, 0, 0);
        Assert.Empty(silent.Collect(FramePort.Outside));
    }

    [Fact]
    [Requirement("RFC5508-REQ-6")]
    public void Errors_about_softwires_leave_sessions_as_they_are()
    {
        using GatewayBench bench = new(Named);
        Flow flow = new(bench, "udp", 1);
        List<SessionRecord> before = Reports.Sessions(bench);
        bench.Advance(10);
        flow.Error(1, 0, 0);
        flow.Error(2, 0, 1300);
        flow.Error(3, 0, 0);
        Assert.Equal(before, Reports.Sessions(bench));
    }

    [Fact]
    [Requirement("RFC2473-S6.7-1")]
    public void A_narrow_path_outlives_a_new_configuration()
    {
        using GatewayBench bench = new(Named);
        Flow flow = new(bench, "udp", 1);
        flow.Error(2, 0, 1400);
        bench.Gateway.Apply(bench.Snapshot with { Generation = 2 });
        Assert.Equal(1360, flow.LargestWhole());
    }
}
