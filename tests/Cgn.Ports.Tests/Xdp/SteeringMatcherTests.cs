using System;
using System.Linq;

using Cgn.Ports.Steering;
using Cgn.Ports.Tests.Support;
using Cgn.Ports.Xdp;

using CsCheck;

using Xunit;

namespace Cgn.Ports.Tests.Xdp;

public sealed class SteeringMatcherTests
{
    private static readonly string[] s_addresses =
    [
        "100.64.0.1", "100.64.0.2", "100.127.255.255", "100.128.0.0", "203.0.113.0", "203.0.113.15", "203.0.113.16",
        "203.0.113.130", "224.0.0.1", "255.255.255.255", "192.0.2.1", "10.0.0.1",
    ];

    private static readonly SteeringRules s_rules = SteeringRules.Merge(
        SteeringRules.Inside(
            [Packets.Address6(Packets.Aftr), Packets.Address6("2001:db8:ffff::2")],
            [Prefix("100.64.0.0", 10), Prefix("100.64.0.0", 24)],
            [Packets.Address("100.64.0.1"), Packets.Address("192.0.2.1")]),
        SteeringRules.Outside(
            [Prefix("203.0.113.128", 25), Prefix("203.0.113.0", 28)]));

    [SkippableFact]
    public void This_process_and_the_xdp_program_agree_on_every_frame()
    {
        Needs.Xdp();
        using SteeringProgram program = new("test", s_rules);
        SteeringMatcher matcher = new(s_rules);
        Gen<byte[]> ipv4 = Gen.Select(Any(s_addresses), Any(s_addresses))
            .Select((source, destination) => Packets.Ipv4(source, destination));
        Gen<byte[]> report = Gen.Select(
                Any(s_addresses), Any(s_addresses), Any<byte>(3, 4, 8, 11, 12), Any(s_addresses))
            .Select((router, to, type, quoted) => Packets.Report(router, to, type, quoted));
        Gen<byte[]> ipv6 = Gen.Select(
                Any(Packets.Aftr, "2001:db8:ffff::2", "2001:db8:ffff::3"),
                Any<byte>(4, 58, 60, 44),
                Gen.Byte[130, 140].Array[0, 3])
            .Select((destination, next, payload) => Packets.Ipv6(Packets.B4, destination, next, payload));
        Gen.Select(
                Gen.OneOf(ipv4, report, ipv6),
                Any<ushort>(0x0800, 0x86DD, 0x0806),
                Gen.UShort.Array[0, 3], Gen.Bool, Gen.Int[0, 90])
            .Sample((packet, type, tags, isGroup, cut) =>
            {
                byte[] frame = Packets.Ethernet(type, packet, isGroup && cut > 60 ? [1, 0, 0x5E, 0, 0, 1] : null, tags);
                frame = frame[..Math.Max(14, cut > 60 ? frame.Length : Math.Min(cut, frame.Length))];
                ulong before = program.Counts().NoSocket;
                program.Run(frame);
                Assert.Equal(program.Counts().NoSocket == before + 1, matcher.IsOurs(frame));
            }, iter: 5000, threads: 1);
    }

    [Fact]
    public void Too_short_frames_are_nobodys()
    {
        SteeringMatcher matcher = new(s_rules);
        byte[] frame = Packets.Softwire();
        Assert.True(matcher.IsOurs(frame));
        Assert.All(Enumerable.Range(0, 54), length => Assert.False(matcher.IsOurs(frame.AsSpan(0, length))));
    }

    [Fact]
    public void The_whole_internet_as_a_prefix_is_one_range()
    {
        SteeringMatcher matcher = new(SteeringRules.Outside([new SteeringPrefix(0, 0)]));
        Assert.True(matcher.IsOurs(Packets.Ipv4Frame("1.2.3.4", "255.255.255.255")));
        Assert.True(matcher.IsOurs(Packets.Ipv4Frame("1.2.3.4", "0.0.0.0")));
    }

    private static SteeringPrefix Prefix(string address, int length) => new(Packets.Address(address), length);

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
