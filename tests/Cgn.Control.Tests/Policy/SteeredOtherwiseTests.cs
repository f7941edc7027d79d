using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.Tests.Radius;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Control.Tests.Policy.SteeredGateway;

namespace Cgn.Control.Tests.Policy;

/// <summary>Subscribers that are learnt from other gateways' accounting, or that are accounted only.</summary>
public sealed class SteeredOtherwiseTests
{
    private const string Customer = "100.64.0.7";
    private const string Base = """
        gateway: { name: t, workers: 1, seed: 7, capacity: { subscribers: 100, mappings: 2000, sessions: 2000 } }
        interfaces: { inside: { device: in0 }, outside: { device: out0 } }
        nat444: { subscriber-match: [100.64.0.0/10] }
        external-ip-address-pools: [{ id: one, external-ip-pool: [203.0.113.0/28] }]
        plans: [{ id: home }, { id: fast, port-limit: 2 }]

        """;

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("RAD-IMPL-1")]
    public async Task Whoever_is_learnt_is_let_in_until_its_access_gateway_says_that_it_left(bool hasDefault)
    {
        RadiusTools.Need();
        await using SteeredGateway gateway = new(Base + (hasDefault ? "subscribers: { default-plan: home }\n" : "")
            + $$"""
            radius:
              learning:
                listen: "127.0.0.1:{{RadiusTools.FreePort()}}"
                secret-file: FOLDER/secret
                clients: [{ address: 127.0.0.1 }]
            """);
        await gateway.StartControlAsync();
        Assert.Equal(hasDefault, gateway.Send(FromCustomer(Customer)));
        await TellAsync(gateway, "Start");
        // Its plan has two ports; a default plan has any number.
        await gateway.UntilAsync(
            () => gateway.Send(FromCustomer(Customer)) && gateway.Send(FromCustomer(Customer, 5001))
                && !gateway.Send(FromCustomer(Customer, 5002)),
            "learnt");
        Assert.True(gateway.Forwarder.Drops(DropReason.PortLimit) > 0);
        await TellAsync(gateway, "Stop");
        await gateway.UntilAsync(() => gateway.Forwarder.Shard(0).SessionCount == 0, "left");
        Assert.Equal(hasDefault, gateway.Send(FromCustomer(Customer)));
    }

    [SkippableFact]
    [Requirement("RAD-IMPL-1")]
    public async Task Whoever_was_learnt_before_its_first_packet_has_its_plan_from_the_first_one_on()
    {
        RadiusTools.Need();
        await using SteeredGateway gateway = new(Base + $$"""
            radius:
              learning:
                listen: "127.0.0.1:{{RadiusTools.FreePort()}}"
                secret-file: FOLDER/secret
                clients: [{ address: 127.0.0.1 }]
            """);
        await gateway.StartControlAsync();
        await TellAsync(gateway, "Start");
        await gateway.UntilAsync(() => gateway.Send(FromCustomer(Customer)), "let in");
        Assert.True(PlanNumber.IsGranted(
            gateway.RecordOf(SubscriberIdentity.Nat444(Ipv4Address.Parse(Customer)).Key).Plan));
    }

    [SkippableFact]
    public async Task Without_authentication_whoever_the_configuration_serves_is_accounted()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync("");
        await using SteeredGateway gateway = new(Base + $$"""
            subscribers: { default-plan: home }
            radius: { accounting: { server: "{{server.Accounting}}", secret-file: FOLDER/secret } }
            """);
        await gateway.StartControlAsync();
        Assert.True(gateway.Send(FromCustomer(Customer)));
        await gateway.UntilAsync(() => Has(server, "Start"), "a start record", () => server.Said);
        Assert.Equal(0, gateway.RecordOf(SubscriberIdentity.Nat444(Ipv4Address.Parse(Customer)).Key).Plan);
        gateway.Forwarder.Shard(0).BeginRelease(new(0, Ipv4Address.Parse(Customer).Value, SubscriberKind.Nat444));
        while (!gateway.Forwarder.Shard(0).ContinueClear(Now, 1000))
        {
        }

        await gateway.UntilAsync(() => Has(server, "Stop"), "a stop record", () => server.Said);
        string start = server.Records.First(static one => one.Contains("Type = Start\n", StringComparison.Ordinal));
        Assert.Contains("Acct-Authentic = Local", start, StringComparison.Ordinal);
        Assert.Contains($"Framed-IP-Address = {Customer}", start, StringComparison.Ordinal);
    }

    private static bool Has(FreeRadius server, string type) => server.Records.Any(
        one => one.Contains($"Acct-Status-Type = {type}\n", StringComparison.Ordinal));

    private static async Task TellAsync(SteeredGateway gateway, string type)
    {
        IPEndPoint at = gateway.Running.LearningEndPoint!;
        Assert.Contains("Received Accounting-Response", await RadiusTools.SendAsync(at, "acct",
        [
            $"Acct-Status-Type = {type}", "User-Name = \"bob\"", "NAS-Identifier = \"bras-1\"",
            $"Framed-IP-Address = {Customer}", "Acct-Session-Id = \"A1\"", "Filter-Id = \"fast\"",
        ]), StringComparison.Ordinal);
    }
}
