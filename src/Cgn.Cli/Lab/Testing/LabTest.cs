using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Checks;

namespace Cgn.Cli.Lab.Testing;

/// <summary>Runs the gateway in the lab with one driver and makes every check.</summary>
/// <param name="topology">The lab, which stands already.</param>
/// <param name="checks">The checks to make, in their order.</param>
/// <param name="seconds">How long each measurement lasts.</param>
/// <param name="progress">Told what is going on.</param>
public sealed class LabTest(
    LabTopology topology, IReadOnlyList<ILabCheck> checks, int seconds, Action<string> progress)
{
    private const string GatewaySubject = "gateway";

    // What the AF_XDP port says when a library or its steering program is not there: no fault of the gateway's.
    private const string LackOfXdp = "AF_XDP is not available";
    private readonly HashSet<LabHome> _unreachable = [];

    /// <summary>The checks in their order: simple ones first, so that the first red row is near the cause.</summary>
    public static IReadOnlyList<ILabCheck> AllChecks { get; } =
    [
        new PingCheck("ping", LabTopology.ServerAddress, payloadBytes: 56),
        new PingCheck("ping 1500", LabTopology.ServerAddress, payloadBytes: 1472),
        new PingCheck("ping 4028", LabTopology.ServerAddress, payloadBytes: 4000),
        new PingCheck("ping aftr", LabTopology.AftrInnerAddress, payloadBytes: 56, AccessKind.DsLite),
        new DnsCheck(),
        new TracerouteCheck(),
        new PageCheck(),
        new UploadCheck(),
        new EchoCheck(),
        new HairpinCheck(),
        new FtpCheck(active: false),
        new FtpCheck(active: true),
        new TftpCheck(),
        new SipCheck(),
        new PptpCheck(),
        new PcpCheck(),
        new BlockLogCheck(),
        new TcpRateCheck(down: true),
        new TcpRateCheck(down: false),
        new PlanRateCheck(down: true),
        new PlanRateCheck(down: false),
        new MetricsCheck(down: true),
        new MetricsCheck(down: false),
        new PathMtuCheck(inside: true),
        new PathMtuCheck(inside: false),
        new GardenCheck(),
        new ReloadCheck(),
        new ClearCheck(),
        new AccountingCheck(),
        new TraceCheck(),
        new StopCheck(),
        new RadiusCheck(),
    ];

    /// <summary>The checks of these names, in their order; all when none is named.</summary>
    public static IReadOnlyList<ILabCheck> ChecksNamed(IReadOnlyCollection<string> names) =>
        [.. AllChecks.Where(check => names.Count == 0 || names.Contains(check.Name))];

    /// <summary>Starts the gateway, makes the checks, ends it.</summary>
    /// <returns>A row for the start and one for each home and check; only the first when the gateway did not
    /// start.</returns>
    public async Task<IReadOnlyList<LabRow>> RunAsync(string driver, CancellationToken cancellation)
    {
        List<LabRow> rows = [];
        progress($"{driver}: start");
        long start = Stopwatch.GetTimestamp();
        LabGateway gateway;
        try
        {
            gateway = await LabGateway.StartAsync(topology, driver, cancellation);
        }
        catch (LabException failure)
        {
            bool lacking = failure.Message.Contains(LackOfXdp, StringComparison.Ordinal);
            return [Row(lacking ? LabVerdict.Skip(failure.Message) : LabVerdict.Fail(failure.Message))];
        }

        rows.Add(Row(LabVerdict.Pass("forwards")));
        await using (gateway)
        {
            LabSession session = new(topology, gateway, seconds);
            foreach (ILabCheck check in checks)
            {
                progress($"{driver}: {check.Name}");
                IEnumerable<LabHome?> subjects = topology.Homes.Append<LabHome?>(null).Where(check.AppliesTo);
                rows.AddRange(await Task.WhenAll(
                    subjects.Select(home => MakeAsync(driver, check, session, home, cancellation))));
            }
        }

        IOrderedEnumerable<LabRow> homesFirst = rows.OrderBy(row => row.Subject == GatewaySubject);
        return [.. homesFirst.ThenBy(row => row.Subject, StringComparer.Ordinal)];

        LabRow Row(LabVerdict verdict) =>
            new(driver, GatewaySubject, "start", verdict, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private async Task<LabRow> MakeAsync(
        string driver,
        ILabCheck check,
        LabSession session,
        LabHome? home,
        CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        LabVerdict verdict;
        try
        {
            verdict = Obstacle(session, home, check) is { } obstacle
                ? LabVerdict.Skip(obstacle)
                : await check.RunAsync(session, home, cancellation);
        }
        catch (LabException failure)
        {
            verdict = LabVerdict.Fail(failure.Message);
        }

        if (check == AllChecks[0] && verdict.Outcome == LabOutcome.Failed)
        {
            lock (_unreachable)
                _unreachable.Add(home!);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new LabRow(driver, home?.Name ?? GatewaySubject, check.Name, verdict, seconds);
    }

    /// <summary>
    /// Why a check would only wait for its time to run out; null when it can be made. What stands in the way has its
    /// own red row.
    /// </summary>
    private string? Obstacle(LabSession session, LabHome? home, ILabCheck check)
    {
        if (session.Gateway.HasEnded && check.UsesGateway && check is not StopCheck)
            return "the gateway ended";
        if (home is null)
            return _unreachable.Count > 0 && check is MetricsCheck ? "not every home reaches the Internet" : null;
        lock (_unreachable)
            return _unreachable.Contains(home) ? $"{AllChecks[0].Name} failed" : null;
    }
}
