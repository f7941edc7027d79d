using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Contract.Commands;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Control.Tests.Hosting;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>What single subscribers may, shown and said by HTTP.</summary>
public class SubscriberPolicyTests
{
    private const string Home = "/api/v1/subscribers/2001:db8:100:100::%2F56";

    private const string Plans = """
        { id: home, port-limit: 900, port-quota: { tcp: 800 }, port-threshold: 700, connection-threshold: 650 }
          - { id: fast, rate-down: 1Gbit/s }
          - { id: unpaid, walled-garden: true }
        """;

    private const string Garden = "walled-garden: { portal: 'http://198.51.100.1/', allow: [198.51.100.1/32] }";

    [Fact]
    [Requirement("RFC7659-ST-16")]
    public async Task A_subscriber_shows_its_thresholds_and_what_was_granted_in_place_of_its_plan()
    {
        await using TestApi api = await TestApi.StartAsync(plan: Plans, more: Garden);
        JsonElement limits = (await api.GetAsync(Home)).GetProperty("limits");
        Assert.Equal((700, 650), (Number(limits, "port-threshold"), Number(limits, "connection-threshold")));
        Assert.Equal((900, 800), (Number(limits, "port-limit"), Number(limits.GetProperty("port-quota"), "tcp")));
        Assert.True(PolicyName.TryPack("fast", out PolicyName fast));
        api.Fake.Policies.Write(3, new PolicyRecord
        {
            Plan = fast,
            RateUp = 5_000_000,
            PortLimit = 1200,
            Overrides = PolicyOverrides.RateUp | PolicyOverrides.PortLimit | PolicyOverrides.PortQuotaUdp,
        });
        api.Fake.Subscribers[1].Plan = PlanNumber.OfSlot(3);

        JsonElement found = await api.GetAsync(Home);
        Assert.Equal(("fast", "rate-up=5Mbit/s port-limit=1200 port-quota.udp=0"),
            (Text(found, "plan"), Text(found, "overrides")));
        limits = found.GetProperty("limits");
        Assert.Equal(("1000000000", "5000000"), (Text(limits, "rate-down"), Text(limits, "rate-up")));
        Assert.Equal(1200, Number(limits, "port-limit"));
        // 0 is no port at all, and what is left out has no limit.
        Assert.Equal(0, Number(limits.GetProperty("port-quota"), "udp"));
        Assert.False(limits.GetProperty("port-quota").TryGetProperty("tcp", out _));
    }

    [Theory]
    [InlineData(PlanNumber.Pending, "pending", false, false)]
    [InlineData(PlanNumber.Refused, "refused", false, false)]
    [InlineData(2, "unpaid", true, true)]
    [InlineData(0, "home", false, true)]
    public async Task Whoever_waits_is_refused_or_in_the_garden_is_shown_so(
        ushort number, string plan, bool isGarden, bool isServed)
    {
        await using TestApi api = await TestApi.StartAsync(plan: Plans, more: Garden);
        api.Fake.Subscribers[1].Plan = number;
        JsonElement found = await api.GetAsync(Home);

        Assert.Equal((plan, isGarden), (Text(found, "plan"), found.GetProperty("walled-garden").GetBoolean()));
        Assert.Equal(isServed, found.TryGetProperty("limits", out _));
        Assert.False(found.TryGetProperty("overrides", out _));
    }

    [Fact]
    public async Task A_policy_is_granted_taken_away_and_a_subscriber_disconnected_by_commands()
    {
        await using TestApi api = await TestApi.WithTokensAsync(plan: Plans, more: Garden);
        JsonElement granted = await api.SendAsync(
            "PUT", Home + "/policy", 202,
            """{"plan":"fast","rate-down":"20Mbit/s","rate-up":"unlimited","port-quota":{"udp":100}}""");
        Assert.Equal("2001:db8:100:100::/56", Text(granted, "subscriber"));
        Assert.Equal(("fast", "rate-down=20Mbit/s rate-up=unlimited port-quota.udp=100"),
            (Text(granted, "plan"), Text(granted, "overrides")));
        await api.SendAsync("DELETE", Home + "/policy", 202);
        await api.SendAsync("POST", "/api/v1/subscribers/100.64.0.5/disconnect", 202);

        List<ForwarderCommand> told = await CommandsAsync(api, 3);
        Assert.Equal([CommandKind.SetPlan, CommandKind.SetPlan, CommandKind.Release], told.Select(static c => c.Kind));
        Assert.True(api.Fake.Policies.TryRead(PlanNumber.SlotOf(told[0].Plan), out PolicyRecord policy));
        Assert.Equal(("fast", 20_000_000ul, 0ul, 100u),
            (policy.Plan.ToString(), policy.RateDown, policy.RateUp, policy.PortQuotaUdp));
        Assert.True(api.Fake.Policies.TryRead(PlanNumber.SlotOf(told[1].Plan), out policy));
        Assert.True(policy.Plan.IsEmpty && policy.Overrides == PolicyOverrides.None);
        string audit = System.IO.File.ReadAllText(api.AuditFile);
        Assert.Contains("/policy", audit);
        Assert.Contains("\\\"plan\\\":\\\"fast\\\"", audit);
    }

    [Theory]
    [InlineData("100.64.0.6", "{\"plan\":\"fast\"}", 404, "no subscriber of 100.64.0.6/32 has state here")]
    [InlineData("100.64.0.0%2F24", "{\"plan\":\"fast\"}", 400, "a prefix of 32 bits would be right")]
    [InlineData("100.64.0.5", "{\"plan\":\"gold\"}", 422, "no plan is called 'gold'; there are: home, fast, unpaid")]
    [InlineData("100.64.0.5", "{\"pool\":\"two\"}", 422, "no pool is called 'two'; there are: one")]
    [InlineData("100.64.0.5", "{\"port-limit\":0}", 422, "port-limit")]
    [InlineData("100.64.0.5", "{\"rate\":\"1Mbit/s\"}", 422, "'rate'")]
    [InlineData("100.64.0.5", "", 422, "there is no content")]
    public async Task What_can_not_be_granted_is_refused_with_what_would_be_right(
        string who, string body, int status, string message)
    {
        await using TestApi api = await TestApi.WithTokensAsync(plan: Plans, more: Garden);
        JsonElement problem = await api.SendAsync("PUT", $"/api/v1/subscribers/{who}/policy", status, body);

        Assert.Contains(message, problem.GetProperty("detail").GetString());
        Assert.Equal(0u, api.Fake.Policies.VersionOf(0));
    }

    private static async Task<List<ForwarderCommand>> CommandsAsync(TestApi api, int count)
    {
        using Arena arena = Arena.InDirectory(api.State.Path);
        var ring = new SpscRing<ForwarderCommand>(
            arena.Take(SectionNames.Commands(0), SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity)),
            ForwarderCommand.RingCapacity);
        var entries = new ForwarderCommand[ForwarderCommand.RingCapacity];
        await TestGateway.UntilAsync(() => ring.Peek(entries) == count, "the commands");
        return [.. entries.Take(count)];
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
