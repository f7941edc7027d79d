using System;

using Cgn.Ports.Steering;
using Cgn.Ports.Tests.Support;
using Cgn.Ports.Xdp;

using Xunit;

namespace Cgn.Ports.Tests.Xdp;

/// <summary>The steering program, run by the kernel on single frames without a device.</summary>
public sealed class SteeringTests
{
    private static readonly SteeringRules s_inside = SteeringRules.Inside(
        [Packets.Address6(Packets.Aftr)],
        [new SteeringPrefix(Packets.Address("100.64.0.0"), 10)],
        [Packets.Address("100.64.0.1")]);

    private static readonly SteeringRules s_outside = SteeringRules.Outside(
        [new SteeringPrefix(Packets.Address("203.0.113.0"), 28)]);

    [SkippableTheory]
    [InlineData(4)]
    [InlineData(60)]
    [InlineData(0)]
    [InlineData(43)]
    [InlineData(44)]
    [InlineData(17)]
    public void Everything_addressed_to_the_aftr_is_taken(byte nextHeader) =>
        Assert.True(IsTaken(
            s_inside, Packets.Ethernet(0x86DD, Packets.Ipv6(Packets.B4, Packets.Aftr, nextHeader, new byte[48]))));

    [SkippableTheory]
    [InlineData(128, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(133, false)]
    [InlineData(135, false)]
    [InlineData(136, false)]
    [InlineData(137, false)]
    public void Echo_and_errors_to_the_aftr_are_taken_and_discovery_is_not(byte type, bool taken) =>
        Assert.Equal(taken, IsTaken(
            s_inside, Packets.Ethernet(0x86DD, Packets.Ipv6(Packets.B4, Packets.Aftr, 58, type, 0, 0, 0))));

    [SkippableFact]
    public void Ipv6_to_anybody_else_is_the_kernels()
    {
        Assert.False(
            IsTaken(s_inside, Packets.Ethernet(0x86DD, Packets.Ipv6(Packets.B4, "2001:db8:ffff::2", 4, new byte[40]))));
        Assert.False(
            IsTaken(s_inside, Packets.Ethernet(0x86DD, Packets.Ipv6(Packets.Aftr, Packets.B4, 4, new byte[40]))));
        Assert.False(IsTaken(s_outside, Packets.Softwire()));
    }

    [SkippableTheory]
    [InlineData("100.64.0.2", "198.51.100.1", true)]
    [InlineData("100.127.255.255", "203.0.113.1", true)]
    [InlineData("100.64.0.2", "100.64.0.1", false)]
    [InlineData("100.64.0.2", "224.0.0.5", false)]
    [InlineData("100.64.0.2", "255.255.255.255", false)]
    [InlineData("100.128.0.0", "198.51.100.1", false)]
    [InlineData("10.0.0.1", "203.0.113.1", false)]
    public void A_subscribers_ipv4_is_taken_but_towards_this_box(string source, string destination, bool taken) =>
        Assert.Equal(taken, IsTaken(s_inside, Packets.Ipv4Frame(source, destination)));

    [SkippableTheory]
    [InlineData("10.0.0.1", 3, "100.64.0.2", true)]
    [InlineData("172.16.0.2", 11, "100.127.0.2", true)]
    [InlineData("10.0.0.1", 8, "100.64.0.2", false)]
    [InlineData("10.0.0.1", 3, "10.0.0.2", false)]
    public void What_an_access_router_reports_about_a_subscribers_packet_is_taken(
        string router, byte type, string quoted, bool taken)
    {
        byte[] frame = Packets.Ethernet(0x0800, Packets.Report(router, "198.51.100.1", type, quoted));
        Assert.Equal(taken, IsTaken(s_inside, frame));
        Assert.Equal(taken, new SteeringMatcher(s_inside).IsOurs(frame));
        Assert.False(IsTaken(s_inside, frame[..^16]));
    }

    [SkippableTheory]
    [InlineData("203.0.113.0", true)]
    [InlineData("203.0.113.15", true)]
    [InlineData("203.0.113.16", false)]
    [InlineData("203.0.112.255", false)]
    [InlineData("192.0.2.1", false)]
    public void Outside_ipv4_to_the_pool_is_taken(string destination, bool taken) =>
        Assert.Equal(taken, IsTaken(s_outside, Packets.Ipv4Frame("198.51.100.1", destination)));

    [SkippableFact]
    public void Up_to_two_tags_are_looked_through()
    {
        Assert.True(IsTaken(s_inside, Packets.Softwire(0, 100)));
        Assert.True(IsTaken(s_inside, Packets.Softwire(0, 100, 200)));
        Assert.False(IsTaken(s_inside, Packets.Softwire(0, 100, 200, 300)));
        Assert.True(IsTaken(s_outside, Packets.Ipv4Frame("198.51.100.1", "203.0.113.1", 0, 32, 7, 8)));
    }

    [SkippableFact]
    public void Frames_to_a_group_are_the_kernels()
    {
        byte[] packet = Packets.Ipv6(Packets.B4, Packets.Aftr, 4, new byte[40]);
        Assert.False(IsTaken(s_inside, Packets.Ethernet(0x86DD, packet, [0x33, 0x33, 0xFF, 0, 0, 1])));
        Assert.False(IsTaken(s_inside, Packets.Ethernet(0x0806, new byte[28], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])));
    }

    [SkippableFact]
    public void A_frame_cut_off_anywhere_is_never_taken_before_its_addresses_are_there()
    {
        using SteeringProgram program = Make(s_inside);
        byte[] frame = Packets.Softwire(0, 100, 200);
        for (int length = 14; length <= frame.Length; length++)
        {
            ulong before = program.Counts().NoSocket;
            Assert.Equal(2u, program.Run(frame.AsSpan(0, length)));
            Assert.Equal(length >= 14 + 8 + 40, program.Counts().NoSocket == before + 1);
        }
    }

    [SkippableFact]
    public void Own_addresses_can_be_replaced_while_running()
    {
        using SteeringProgram program = Make(s_inside);
        byte[] toNew = Packets.Ipv4Frame("100.64.0.2", "192.0.2.9");
        program.SetOwnAddresses([Packets.Address("192.0.2.9")]);
        program.Run(toNew);
        Assert.Equal(0ul, program.Counts().NoSocket);
        program.Run(Packets.Ipv4Frame("100.64.0.2", "100.64.0.1"));
        Assert.Equal(1ul, program.Counts().NoSocket);
    }

    [Fact]
    public void Too_many_addresses_are_refused_with_the_limit()
    {
        SteeringRules rules = new() { OwnAddresses = new uint[SteeringRules.MaxOwnAddresses + 1] };
        Assert.Contains(
            "at most 1024", Assert.Throws<PortException>(() => rules.Check("eth7")).Message, StringComparison.Ordinal);
    }

    // Without a socket the program counts what it would take and leaves it to the kernel.
    private static bool IsTaken(SteeringRules rules, byte[] frame)
    {
        using SteeringProgram program = Make(rules);
        Assert.Equal(2u, program.Run(frame));
        SteeringCounts counts = program.Counts();
        Assert.Equal(1ul, counts.NoSocket + counts.Passed);
        return counts.NoSocket == 1;
    }

    private static SteeringProgram Make(SteeringRules rules)
    {
        Needs.Xdp();
        return new SteeringProgram("test", rules);
    }
}
