using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

using Cgn.Contract;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Control.Radius;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.Tests.Radius;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Control.Tests.Policy.SteeredGateway;

namespace Cgn.Control.Tests.Policy;

/// <summary>A gateway whose subscribers a real FreeRADIUS authorizes, changes and hears about.</summary>
public sealed class SteeredRadiusTests
{
    private const string B4 = "2001:db8:100:101::2";
    private const string Customer = "100.64.0.7";
    private const string Rejected = "100.64.0.66";

    private const string Authorize = """
        if (&User-Name == "2001:db8:100:100::/56") {
          update reply {
            Filter-Id := "fast"
            WISPr-Bandwidth-Max-Up := 1000000
            IP-Port-Limit := 3
            Class := 0x6331
          }
        }
        elsif (&User-Name == "100.64.0.66") {
          update control {
            Auth-Type := Reject
          }
        }
        """;

    private static readonly SubscriberId s_home =
        SubscriberIdentity.DsLite(Ipv6Address.Parse(B4), 56).Key;

    [SkippableFact]
    [Requirement("RFC8045-S3.1.1-1")]
    public async Task First_packet_asks_and_the_answer_is_the_plan_with_its_rate_and_its_ports()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = new(Yaml(server));
        await gateway.StartControlAsync();
        Assert.False(gateway.Send(FromHome(B4)));
        Assert.Equal(1, gateway.Forwarder.Drops(DropReason.SubscriberPending));
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);

        // A megabit: 50 milliseconds of it are four of these and a bit.
        int carried = Enumerable.Range(0, 40).Count(_ => gateway.Send(FromHome(B4, bytes: 1400)));
        Assert.InRange(carried, 3, 20);
        Assert.True(gateway.Forwarder.Drops(DropReason.RateLimitUp) > 0);
        gateway.RecordOf(s_home).UpFullAtNs = 0;
        Assert.True(gateway.Send(FromHome(B4, 5001)) && gateway.Send(FromHome(B4, 5002)));
        Assert.False(gateway.Send(FromHome(B4, 5003)));
        Assert.Equal(1, gateway.Forwarder.Drops(DropReason.PortLimit));
        // Nothing was said of this one but that it is welcome: it has the default plan.
        await gateway.UntilAsync(() => gateway.Send(FromCustomer(Customer)), "a customer carried");
        Assert.True(Enumerable.Range(0, 40).All(_ => gateway.Send(FromCustomer(Customer, bytes: 1400))));
    }

    [SkippableFact]
    public async Task Whoever_the_server_rejects_is_refused()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = new(Yaml(server));
        await gateway.StartControlAsync();
        Assert.False(gateway.Send(FromCustomer(Rejected)));
        await gateway.UntilAsync(
            () => !gateway.Send(FromCustomer(Rejected)) && gateway.Forwarder.Drops(DropReason.SubscriberRefused) > 0,
            "refused", () => server.Said);
    }

    [SkippableFact]
    [Requirement("RFC5176-S2.1-1")]
    [Requirement("RFC8045-S4.1.1-1")]
    public async Task Change_holds_for_the_session_that_runs_and_disconnection_ends_it()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = new(Yaml(server));
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        IPEndPoint at = gateway.Running.DynamicEndPoint!;
        string session = gateway.Running.Sessions.Find(s_home)!.Id;
        string who = $"Acct-Session-Id = \"{session}\"";
        byte[] before = gateway.Sent;
        Assert.Contains("Received CoA-ACK", await RadiusTools.SendAsync(
            at, "coa", [who, "WISPr-Bandwidth-Max-Up = 100000000", "IP-Port-Limit = 40"]), StringComparison.Ordinal);
        await gateway.UntilAsync(
            () => Enumerable.Range(0, 40).All(_ => gateway.Send(FromHome(B4, bytes: 1400))), "the higher rate");
        Assert.True(gateway.Send(FromHome(B4)));
        // The mapping is the one that there was before the change.
        Assert.Equal(before.AsSpan(26, 12).ToArray(), gateway.Sent.AsSpan(26, 12).ToArray());
        Assert.True(Enumerable.Range(0, 20).All(i => gateway.Send(FromHome(B4, (ushort)(6000 + i)))));
        Assert.Contains("Received CoA-NAK", await RadiusTools.SendAsync(
            at, "coa", [who, "Framed-Pool = \"nosuch\""]), StringComparison.Ordinal);

        Assert.Contains("Received Disconnect-ACK", await RadiusTools.SendAsync(
            at, "disconnect", [who]), StringComparison.Ordinal);
        await gateway.UntilAsync(() => gateway.Forwarder.Shard(0).SessionCount == 0, "nothing left");
        Assert.Equal(0u, gateway.Forwarder.Shard(0).SubscriberCount);
        // Its next packet is a first one.
        Assert.False(gateway.Send(FromHome(B4)));
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "asked for anew");
        Assert.NotEqual(session, gateway.Running.Sessions.Find(s_home)!.Id);
    }

    [SkippableFact]
    public async Task Accounting_has_the_session_with_its_ports_and_all_64_bits_of_its_octets()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = new(Yaml(server));
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        await gateway.UntilAsync(() => Record(server, "Interim-Update") is not null, "ports", () => server.Said);
        string interim = Record(server, "Interim-Update")!;
        ushort port = (ushort)((gateway.Sent[34] << 8) | gateway.Sent[35]);
        foreach (string line in (string[])
        [
            "IP-Port-Range-Alloc = Allocation", $"IP-Port-Range-Range-Start = {port / 512 * 512}",
            $"IP-Port-Range-Range-End = {(port / 512 * 512) + 511}", $"IP-Port-Range-Local-Id = \"{B4}\"",
            "Class = 0x6331",
        ])
            Assert.Contains(line, interim, StringComparison.Ordinal);
        gateway.RecordOf(s_home).BytesDown += (3ul << 32) + 5;
        string who = $"Acct-Session-Id = \"{gateway.Running.Sessions.Find(s_home)!.Id}\"";
        await RadiusTools.SendAsync(gateway.Running.DynamicEndPoint!, "disconnect", [who]);
        await gateway.UntilAsync(() => Record(server, "Stop") is not null, "a stop record", () => server.Said);
        Assert.NotNull(Record(server, "Start"));
        string stop = Record(server, "Stop")!;
        Assert.Contains("Acct-Output-Gigawords = 3", stop, StringComparison.Ordinal);
        Assert.Contains("Acct-Output-Octets = 5", stop, StringComparison.Ordinal);
        Assert.Contains("Acct-Terminate-Cause = Admin-Reset", stop, StringComparison.Ordinal);
        Assert.DoesNotContain("Acct-Input-Octets = 0\n", stop, StringComparison.Ordinal);
    }

    private static string? Record(FreeRadius server, string type) => server.Records.FirstOrDefault(
        one => one.Contains($"Acct-Status-Type = {type}\n", StringComparison.Ordinal));

    internal static string Yaml(FreeRadius server, string more = "") => $$"""
        gateway:
          { name: lab-aftr-1, workers: 1, seed: 7, capacity: { subscribers: 100, mappings: 2000, sessions: 2000 } }
        interfaces:
          inside: { device: in0, mtu: 1540 }
          outside: { device: out0 }
        ds-lite:
          aftr-ipv6-address: [{{Aftr}}]
          subscriber-match: [2001:db8:100::/40]
        nat444: { subscriber-match: [100.64.0.0/10] }
        external-ip-address-pools:
          - { id: one, external-ip-pool: [203.0.113.0/28] }
        plans:
          - { id: home }
          - { id: fast, burst: 50ms }
        subscribers: { default-plan: home }
        radius:
          nas-ip-address: 127.0.0.1
          retransmission: { initial: 150ms, maximum: 1s, duration: 2s, count: 4 }
          authentication: { server: "{{server.Authentication}}", secret-file: FOLDER/secret, back-off: 1s {{more}} }
          accounting: { server: "{{server.Accounting}}", secret-file: FOLDER/secret, port-ranges: true }
          dynamic-authorization: { listen: "127.0.0.1:{{RadiusTools.FreePort()}}", secret-file: FOLDER/secret }
        """;
}
