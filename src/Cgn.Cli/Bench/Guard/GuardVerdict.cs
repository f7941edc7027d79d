using System.Collections.Generic;
using System.Linq;

namespace Cgn.Cli.Bench.Guard;

/// <summary>How a case compares with its baseline.</summary>
/// <param name="Now">What was measured.</param>
/// <param name="Before">The baseline; null when it has no such case.</param>
internal sealed record GuardVerdict(GuardMeasure Now, GuardMeasure? Before)
{
    /// <summary>How much worse a ratio may be: a tenth.</summary>
    public const double Allowed = 1.10;

    /// <summary>
    /// Change of the better one of the two ratios, 1 for none. Noise moves one of them at a time, mostly: the median
    /// when the machine was busy for more than half of the rounds, the best when a single round was lucky. A path that
    /// has become slower moves both.
    /// </summary>
    public double Change => Before is null
        ? double.NaN
        : double.Min(Now.MedianRatio / Before.MedianRatio, Now.BestRatio / Before.BestRatio);

    /// <summary>It is worse by more than a tenth, or there is nothing to compare it with.</summary>
    public bool IsWorse => !(Change <= Allowed);

    /// <summary>Compares what was measured with a baseline, case by case.</summary>
    public static IReadOnlyList<GuardVerdict> Compare(
        IReadOnlyList<GuardMeasure> now, IReadOnlyList<GuardMeasure> baseline) =>
        [.. now.Select(measure => new GuardVerdict(measure, baseline.FirstOrDefault(b => b.Name == measure.Name)))];
}
