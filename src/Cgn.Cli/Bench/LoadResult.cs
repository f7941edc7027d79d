using Cgn.Cli.Bench.Traffic;

namespace Cgn.Cli.Bench;

/// <summary>What was measured under a share of the maximum.</summary>
/// <param name="OfferedMpps">Million frames a second that arrived.</param>
/// <param name="CarriedMpps">Million frames a second that the gateway took and moved on.</param>
/// <param name="Inside">From being received to being transmitted.</param>
/// <param name="SinceArrival">From arriving at a port to being transmitted.</param>
internal sealed record LoadResult(
    double OfferedMpps, double CarriedMpps, LatencyHistogram Inside, LatencyHistogram SinceArrival);
