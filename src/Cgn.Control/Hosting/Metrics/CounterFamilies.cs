using Cgn.Contract.Counting;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>Series that are one counter of the forwarder, all shards together.</summary>
internal static class CounterFamilies
{
    /// <summary>Adds a counter as a series of the family begun last.</summary>
    /// <param name="families">The families.</param>
    /// <param name="id">The counter.</param>
    /// <param name="labels">Values of the family's labels.</param>
    public static MetricFamilies<GatewaySample> Series(
        this MetricFamilies<GatewaySample> families, CounterId id, params string[] labels) =>
        families.Series(sample => sample.View.Sum(id), labels);
}
