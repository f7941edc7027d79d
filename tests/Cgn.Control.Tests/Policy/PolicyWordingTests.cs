using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Policy;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Memory.Arenas;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Policy;

/// <summary>What a server says, in what the forwarder follows, and where it stands.</summary>
public sealed class PolicyWordingTests
{
    private static readonly ConfigSnapshot s_snapshot = new()
    {
        Settings = new GatewaySettings { DefaultPlan = 0 },
        Plans = [new PlanSettings("home", 0, 0, 4, 0, 0), new PlanSettings("fast", 0, 0, 4, 0, 0)],
        Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)],
    };

    [Fact]
    [Requirement("RFC8045-S3.1.1-1")]
    public void Everything_that_can_be_granted_has_its_place()
    {
        SubscriberPolicy policy = new()
        {
            Plan = "fast",
            Pool = "metro",
            RateUp = 5_000_000,
            RateDown = 0,
            PortLimits =
            [
                new IpPortLimitInfo(2048), new IpPortLimitInfo(100, (byte)IpProtocol.Tcp),
                new IpPortLimitInfo(0, (byte)IpProtocol.Udp), new IpPortLimitInfo(7, (byte)IpProtocol.Icmp),
                // Of two limits on the same the lower one keeps both.
                new IpPortLimitInfo(1000), new IpPortLimitInfo(3000),
            ],
        };
        Assert.True(PolicyWording.TryPut(policy, s_snapshot, out PolicyRecord record));
        Assert.Equal(("fast", "metro"), (record.Plan.ToString(), record.Pool.ToString()));
        Assert.Equal((5_000_000ul, 0ul), (record.RateUp, record.RateDown));
        Assert.Equal(
            (1000u, 100u, 0u, 7u),
            (record.PortLimit, record.PortQuotaTcp, record.PortQuotaUdp, record.PortQuotaIcmp));
        Assert.Equal((PolicyOverrides)127, record.Overrides);
        Assert.True(PolicyWording.TryPut(new SubscriberPolicy(), s_snapshot, out record));
        Assert.True(record.Plan.IsEmpty && record.Overrides == PolicyOverrides.None);
    }

    public static TheoryData<int> Impossible => [.. Enumerable.Range(0, 5)];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_can_not_be_granted_whole_is_not_granted(int which)
    {
        SubscriberPolicy[] all =
        [
            new() { Plan = "nosuch" },
            new() { Pool = "nosuch" },
            new() { PortLimits = [new IpPortLimitInfo(5, (byte)IpProtocol.Sctp)] },
            new() { PortLimits = [new IpPortLimitInfo(5, null, Ipv4Address.Parse("203.0.113.1"))] },
            new() { Plan = new string('x', PolicyName.SizeBytes + 1) },
        ];
        Assert.False(PolicyWording.TryPut(all[which], s_snapshot, out _));
    }

    [Fact]
    public void Computed_ports_leave_no_choice_of_a_pool_and_without_a_default_plan_one_must_be_named()
    {
        SubscriberPolicy pool = new() { Plan = "home", Pool = "metro" };
        ConfigSnapshot computed = s_snapshot with
        {
            Settings = new GatewaySettings { PortAllocation = PortAllocationType.Deterministic },
        };
        Assert.False(PolicyWording.TryPut(pool, computed, out _));
        Assert.True(PolicyWording.TryPut(pool with { Pool = null }, computed, out _));
        Assert.False(PolicyWording.TryPut(new SubscriberPolicy(), computed, out _));
    }

    [Fact]
    public void Policies_share_slots_which_the_next_control_plane_finds_and_gives_back_when_they_run_out()
    {
        using Arena arena = Arena.Private();
        PolicyTable table = new(arena.Take("policies", PolicyTable.SizeBytes));
        PolicySlots slots = new(table);
        for (int i = 0; i < PlanNumber.GrantedMax; i++)
            Assert.True(slots.TryTake(Policy(i), NoneUsed, out _));
        Assert.True(slots.TryTake(Policy(7), NoneUsed, out int seventh));
        PolicySlots later = new(table);
        Assert.True(later.TryTake(Policy(7), NoneUsed, out int found));
        Assert.Equal(seventh, found);
        Assert.Equal(PlanNumber.GrantedMax, later.Count);

        HashSet<int> all = [.. Enumerable.Range(0, PlanNumber.GrantedMax)];
        Assert.False(later.TryTake(Policy(-1), () => all, out _));
        uint before = table.VersionOf(seventh);
        Assert.True(all.Remove(seventh));
        Assert.True(later.TryTake(Policy(-1), () => all, out found));
        Assert.Equal(seventh, found);
        Assert.NotEqual(before, table.VersionOf(seventh));
    }

    private static PolicyRecord Policy(int number) =>
        new() { RateUp = (ulong)(number + 2), Overrides = PolicyOverrides.RateUp };

    private static HashSet<int> NoneUsed() => throw new Xunit.Sdk.XunitException("there was room");
}
