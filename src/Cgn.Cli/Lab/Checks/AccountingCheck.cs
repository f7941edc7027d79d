using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// After all that traffic the gateway's books balance: every frame is accounted for, no event was lost, the forwarder
/// was never started again, allocated nothing and collected nothing. What was dropped is shown by reason.
/// </summary>
public sealed class AccountingCheck : ILabCheck
{
    private static readonly string[] s_zeroes =
    [
        "cgn_frames_unaccounted", "cgn_events_lost_total", "cgn_process_restarts_total", "cgn_worker_allocated_bytes",
        "cgn_forwarder_collections",
    ];

    /// <inheritdoc/>
    public string Name => "accounting";

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        LabMetrics? metrics = await session.Gateway.ReadMetricsAsync(cancellation);
        if (metrics is null)
            return LabVerdict.Fail("the gateway serves no metrics any more");

        string[] wrong = [.. s_zeroes.Where(family => metrics.Sum(family) is not 0).Select(Describe)];
        if (wrong.Length > 0)
        {
            string said = string.Join(" / ", session.Gateway.Said("a fault"));
            return LabVerdict.Fail($"{string.Join(", ", wrong)}; right: 0; the gateway said: {said}");
        }

        string drops = string.Join(", ", metrics.NonZero("cgn_drops_total").DefaultIfEmpty("none"));
        return LabVerdict.Pass($"{metrics.Sum("cgn_frames_total")} frames; drops: {drops}");

        string Describe(string family) => $"{family} is {metrics.Sum(family)?.ToString() ?? "missing"}";
    }
}
