using System;
using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Servers;
using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// A gateway that a real FreeRADIUS tells who is who: the first home has a rate of its own, the second is rejected, the
/// third has the default plan. A change raises the rate of the session that runs, a killed control plane ends nothing,
/// a disconnection ends the session, and accounting has it all. It needs a gateway of its own, so it ends the one
/// before.
/// </summary>
[Shows("RFC5176-S2.1-1")]
[Shows("RFC8045-S3.1.1-1")]
[Shows("RFC8045-S4.1.1-1")]
public sealed partial class RadiusCheck : ILabCheck
{
    private const double Granted = 8e6;
    private const double Changed = 14e6;
    private const double Tolerance = 0.06;
    private const int Attempts = 3;
    private const string Ports = "1536";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public string Name => "radius";

    /// <inheritdoc/>
    public bool UsesGateway => false;

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        if (!RadiusServer.IsInstalled || CommandRunner.Find("iperf3") is null)
            return LabVerdict.Skip("there is no freeradius, radclient or iperf3; install them");
        if (!session.Gateway.HasEnded)
            await session.Gateway.StopAsync();
        LabTopology lab = session.Topology;
        await using RadiusServer server = RadiusServer.Make(lab.Gateway, Authorize(lab));
        await using LabGateway gateway = await LabGateway.StartAsync(
            lab, session.Gateway.Driver, cancellation, yaml => yaml + Section(server));
        // Afterwards: whatever was in the namespace has ended for the gateway's sake.
        await server.StartAsync();
        LabHome first = lab.Homes[0];

        await ReachesAsync(first, cancellation);
        await ReachesAsync(lab.Homes[2], cancellation);
        string refused = await RefusedAsync(gateway, lab.Homes[1], cancellation);
        string before = await RateAsync(session, first, Granted, cancellation);
        await using BackgroundCommand ping = BackgroundCommand.Start(
            first.Host, "ping", ["-n", "-i", "0.05", "-W", "1", LabTopology.ServerAddress]);
        await RequireAsync(
            server, "coa", $"Delegated-IPv6-Prefix = {first.Subscriber}, "
            + $"WISPr-Bandwidth-Max-Down = {(long)Changed}, IP-Port-Limit = {Ports}", "Received CoA-ACK", cancellation);
        await gateway.KillControlAsync(cancellation);
        string shown = await ShownAsync(gateway, first, cancellation);
        string pings = await EndAsync(ping);
        string after = await RateAsync(session, first, Changed, cancellation);
        await RequireAsync(
            server, "disconnect", $"Delegated-IPv6-Prefix = {first.Subscriber}", "Received Disconnect-ACK",
            cancellation);
        await ReachesAsync(first, cancellation);
        if (await gateway.StopAsync() != 0)
            return LabVerdict.Fail($"the gateway did not end in order: {gateway.LastWords}");
        string records = Records(server);
        return LabVerdict.Pass($"{refused}; rate {before}, by CoA {after} ({shown}); {pings}; {records}");
    }

    private static string Authorize(LabTopology lab) => $$"""
        if (&User-Name == "{{lab.Homes[0].Subscriber}}") {
          update reply {
            Filter-Id := "home-20m"
            WISPr-Bandwidth-Max-Down := {{(long)Granted}}
            Class := 0x6c6162
          }
        }
        elsif (&User-Name == "{{lab.Homes[1].Subscriber}}") {
          update control {
            Auth-Type := Reject
          }
        }
        """;

    private static string Section(RadiusServer server) => $$"""

        radius:
          authentication: { server: "{{RadiusServer.Authentication}}", secret-file: {{server.SecretFile}} }
          accounting: { server: "{{RadiusServer.Accounting}}", secret-file: {{server.SecretFile}}, port-ranges: true }
          dynamic-authorization: { listen: "{{RadiusServer.Changes}}", secret-file: {{server.SecretFile}} }

        """;

    private static async Task ReachesAsync(LabHome home, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (!(await PingAsync(home, cancellation)).Succeeded)
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
                throw new LabException($"{home.Name} was not let in within {s_patience.TotalSeconds:0} s");
        }
    }

    private static Task<CommandResult> PingAsync(LabHome home, CancellationToken cancellation) => home.Host.RunAsync(
        "ping", ["-n", "-c", "1", "-W", "1", LabTopology.ServerAddress], cancellation: cancellation);

    private static async Task<string> RefusedAsync(
        LabGateway gateway, LabHome home, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (await PlanAsync(gateway, home, cancellation) != "refused")
        {
            if ((await PingAsync(home, cancellation)).Succeeded)
                throw new LabException($"{home.Name} was rejected and reaches the Internet all the same");
            if (Stopwatch.GetElapsedTime(start) > s_patience)
                throw new LabException($"{home.Name} is not listed as refused");
        }

        return $"{home.Name} refused";
    }

    private static async Task<string> PlanAsync(LabGateway gateway, LabHome home, CancellationToken cancellation)
    {
        CommandResult shown = (await gateway.AskAsync(
            ["show", "subscribers", "--subscriber", home.Subscriber, "--json"], cancellation)).Require();
        Match plan = PlanPattern().Match(shown.Output);
        return plan.Success ? plan.Groups[1].Value : "";
    }

    private static async Task<string> ShownAsync(LabGateway gateway, LabHome home, CancellationToken cancellation)
    {
        CommandResult shown = (await gateway.AskAsync(
            ["show", "subscribers", "--subscriber", home.Subscriber, "--json"], cancellation)).Require();
        string right = $"rate-down=14Mbit/s port-limit={Ports}";
        return shown.Output.Contains(right, StringComparison.Ordinal)
            ? right
            : throw new LabException($"after the change it is listed as {shown.Output.Trim()}; right: {right}");
    }

    private static async Task<string> RateAsync(
        LabSession session, LabHome home, double rate, CancellationToken cancellation)
    {
        string seen = "";
        for (int i = 0; i < Attempts; i++)
        {
            IperfResult measured = await Iperf.UdpAsync(
                home, down: true, rate * 1.25, session.Seconds, settles: true, cancellation);
            seen = $"{measured.ReceivedBitsPerSecond / 1e6:0.00} of {rate / 1e6:0} Mbit/s";
            if (Math.Abs((measured.ReceivedBitsPerSecond / rate) - 1) <= Tolerance)
                return seen;
        }

        throw new LabException($"{home.Name} has {seen}");
    }

    private static async Task RequireAsync(
        RadiusServer server, string command, string attributes, string answer, CancellationToken cancellation)
    {
        string said = await server.SendAsync(command, attributes, cancellation);
        if (!said.Contains(answer, StringComparison.Ordinal))
            throw new LabException($"{command} {attributes} was answered: {said.Trim()}; right: {answer}");
    }

    private static async Task<string> EndAsync(BackgroundCommand ping)
    {
        (await CommandRunner.RunAsync("kill", ["-INT", $"{ping.ProcessId}"])).Require();
        await ping.WaitAsync(TimeSpan.FromSeconds(5));
        string line = ping.LinesWith("packets transmitted") is [.., string last] ? last : ping.LastWords;
        Match figures = FiguresPattern().Match(line);
        return figures.Success && int.Parse(figures.Groups[1].Value) - int.Parse(figures.Groups[2].Value) <= 1
            ? $"{figures.Groups[2].Value} pings answered over the change and a killed control plane, none lost"
            : throw new LabException($"pings were lost over the change and the killed control plane: {line}");
    }

    private static string Records(RadiusServer server)
    {
        string interim = string.Join('\n', server.Records("Interim-Update"));
        string stop = string.Join('\n', server.Records("Stop"));
        foreach ((string where, string text, string what) in ((string, string, string)[])
        [
            ("start", string.Join('\n', server.Records("Start")), "Class = 0x6c6162"),
            ("interim", interim, "IP-Port-Range-Alloc = Allocation"),
            ("interim", interim, "IP-Port-Range-Ext-IPv4-Addr = 203.0.113."),
            ("stop", stop, "Acct-Terminate-Cause = Admin-Reset"),
            ("stop", stop, "Acct-Terminate-Cause = Admin-Reboot"),
        ])
        {
            if (!text.Contains(what, StringComparison.Ordinal))
                throw new LabException($"no {where} record says {what}; they say: {text}");
        }

        Match octets = OctetsPattern().Match(stop);
        return octets.Success && long.Parse(octets.Groups[1].Value) > 1_000_000
            ? $"stop record of {octets.Groups[1].Value} octets"
            : throw new LabException($"the stop records have no octets: {stop}");
    }

    [GeneratedRegex(@"(\d+) packets transmitted, (\d+) received")]
    private static partial Regex FiguresPattern();

    [GeneratedRegex("\"plan\": *\"([^\"]*)\"")]
    private static partial Regex PlanPattern();

    [GeneratedRegex(@"Acct-Output-Octets = (\d+)")]
    private static partial Regex OctetsPattern();
}
