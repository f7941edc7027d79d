using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// A real Prometheus scrapes the gateway, and its bytes for one direction agree within 2 % with what iperf3 says it
/// sent from or to all homes together, below their plans, so that nothing is dropped.
/// </summary>
/// <param name="down">True towards the homes.</param>
public sealed class MetricsCheck(bool down) : ILabCheck
{
    private const double ShareOfPlan = 0.7;
    private const double Tolerance = 0.02;

    /// <inheritdoc/>
    public string Name => down ? "prometheus down" : "prometheus up";

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        if (!LabPrometheus.IsInstalled)
            return LabVerdict.Skip("there is no prometheus; install it");

        await using LabPrometheus prometheus = await LabPrometheus.StartAsync(session.Topology.Gateway, cancellation);
        string expression = $"sum(cgn_bytes_total{{direction=\"{(down ? "inbound" : "outbound")}\"}})";
        await Task.Delay(LabPrometheus.ScrapeDelay, cancellation);
        double? before = await prometheus.AskAsync(expression, cancellation);

        double rate = ShareOfPlan * (down ? LabPlan.DownBitsPerSecond : LabPlan.UpBitsPerSecond);
        IperfResult[] runs = await Task.WhenAll(session.Topology.Homes.Select(
            each => Iperf.UdpAsync(each, down, rate, session.Seconds, settles: false, cancellation)));
        await Task.Delay(LabPrometheus.ScrapeDelay, cancellation);
        if (await prometheus.AskAsync(expression, cancellation) - before is not { } counted)
            return LabVerdict.Fail($"Prometheus has no value for {expression}");

        double sent = runs.Sum(run => run.SentBytes);
        double share = counted / sent;
        string seen = $"Prometheus saw {counted / 1e6:0.00} MB, iperf3 sent {sent / 1e6:0.00} MB: {share:0.0%}";
        return LabVerdict.Of(Math.Abs(share - 1) <= Tolerance, seen);
    }
}
