using System;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Contract;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Control.Radius;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.Tests.Radius;
using Cgn.Wire;

using Xunit;

using static Cgn.Control.Tests.Policy.SteeredGateway;

namespace Cgn.Control.Tests.Policy;

/// <summary>Subscribers that RADIUS has authorized, when a process or the server goes and comes back.</summary>
public sealed class SteeredLifeTests
{
    private const string B4 = "2001:db8:100:101::2";
    private const string Fast = "update reply {\n Filter-Id := \"fast\"\n Session-Timeout := 3600\n }";

    private static readonly SubscriberId s_home = SubscriberIdentity.DsLite(Ipv6Address.Parse(B4), 56).Key;

    [SkippableFact]
    public async Task Killed_control_plane_interrupts_nobody_and_the_next_goes_on_with_the_same_sessions()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Fast);
        await using SteeredGateway gateway = new(SteeredRadiusTests.Yaml(server));
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        RadiusSession session = gateway.Running.Sessions.Find(s_home)!;
        (string id, DateTimeOffset expires) = (session.Id, session.ExpiresAt);
        int asked = server.Requests.Length;
        await gateway.KillControlAsync();
        Assert.True(gateway.Send(FromHome(B4)));
        gateway.RecordOf(s_home).BytesUp += 1ul << 33;

        await gateway.StartControlAsync();
        Assert.True(gateway.Send(FromHome(B4)));
        session = gateway.Running.Sessions.Find(s_home)!;
        Assert.Equal(id, session.Id);
        Assert.InRange((session.ExpiresAt - expires).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        string who = $"Acct-Session-Id = \"{id}\"";
        await RadiusTools.SendAsync(gateway.Running.DynamicEndPoint!, "disconnect", [who]);
        await gateway.UntilAsync(() => Records(server, "Stop").Length != 0, "a stop record");
        Assert.Contains("Acct-Input-Gigawords = 2", Records(server, "Stop")[0], StringComparison.Ordinal);
        Assert.Single(Records(server, "Start").Distinct());
        // To the server there never was another gateway.
        Assert.Single(Records(server, "Accounting-On").Distinct());
        Assert.Equal(asked, server.Requests.Length);
    }

    [SkippableFact]
    public async Task Subscriber_that_left_while_no_control_plane_ran_has_a_stop_record()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Fast);
        await using SteeredGateway gateway = new(SteeredRadiusTests.Yaml(server));
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        await gateway.KillControlAsync();
        gateway.Forwarder.Shard(0).BeginRelease(new(s_home.High, s_home.Low, s_home.Kind));
        while (!gateway.Forwarder.Shard(0).ContinueClear(Now, 1000))
        {
        }

        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => Records(server, "Stop").Length != 0, "a stop record");
        Assert.Equal(0, gateway.Running.Sessions.Count);
    }

    [SkippableFact]
    public async Task Restarted_forwarder_keeps_what_was_granted()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Fast);
        await using SteeredGateway gateway = new(SteeredRadiusTests.Yaml(server));
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        gateway.RestartForwarder();
        Assert.True(gateway.Send(FromHome(B4)));
        Assert.True(gateway.Send(FromHome(B4, 5001)));
        Assert.True(PlanNumber.IsGranted(gateway.RecordOf(s_home).Plan));
        Assert.Equal(1, gateway.Running.Sessions.Count);
    }

    [SkippableFact]
    public async Task Planned_end_stops_the_sessions_for_the_record_and_the_next_start_asks_while_service_goes_on()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Fast);
        await using SteeredGateway gateway = new(SteeredRadiusTests.Yaml(server));
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        await gateway.Radius!.StopAsync(default);
        await gateway.UntilAsync(() => Records(server, "Accounting-Off").Length != 0, "the gateway's end");
        Assert.Contains("Terminate-Cause = Admin-Reboot", Records(server, "Stop")[0], StringComparison.Ordinal);
        await gateway.KillControlAsync();
        Assert.True(gateway.Send(FromHome(B4)));
        await gateway.StartControlAsync();
        Assert.True(gateway.Send(FromHome(B4)));
        await gateway.UntilAsync(() => gateway.Running.Sessions.Count == 1, "asked again");
        Assert.True(gateway.Send(FromHome(B4)));
    }

    [SkippableTheory]
    [InlineData("default-plan", true)]
    [InlineData("refuse", false)]
    public async Task Without_a_server_the_unknown_have_the_default_plan_or_nothing_and_those_who_are_served_go_on(
        string onNoAnswer, bool isServed)
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Fast);
        await using SteeredGateway gateway = new(
            SteeredRadiusTests.Yaml(server, $", on-no-answer: {onNoAnswer}, cache-time: 0s"));
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        server.Kill();
        const string Customer = "100.64.0.7";
        gateway.Send(FromCustomer(Customer));
        RadiusCounter counter = isServed ? RadiusCounter.ServedByDefault : RadiusCounter.RefusedUnanswered;
        await gateway.UntilAsync(() => gateway.Running.Statistics[counter] == 1, "given up");
        await gateway.UntilAsync(
            () => gateway.Send(FromCustomer(Customer)) == isServed
                && (isServed || gateway.Forwarder.Drops(DropReason.SubscriberRefused) != 0),
            "the answer");
        Assert.True(gateway.Send(FromHome(B4)));
        Assert.Equal(isServed ? 2 : 1, gateway.Running.Sessions.Count);
    }

    [SkippableFact]
    public async Task Next_control_plane_without_a_server_leaves_alone_whoever_is_served()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Fast);
        await using SteeredGateway gateway = new(SteeredRadiusTests.Yaml(server, ", on-no-answer: refuse"));
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        await gateway.Radius!.StopAsync(default);
        await gateway.KillControlAsync();
        server.Kill();
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Running.Statistics[RadiusCounter.Timeouts] != 0, "given up");
        await gateway.UntilAsync(() => gateway.Running.SubscribersWaiting == 0, "given up");
        Assert.True(gateway.Send(FromHome(B4)));
        Assert.Equal(0, gateway.Running.Statistics[RadiusCounter.RefusedUnanswered]);
    }

    private static string[] Records(FreeRadius server, string type) =>
        [.. server.Records.Where(one => one.Contains($"Acct-Status-Type = {type}\n", StringComparison.Ordinal))];
}
