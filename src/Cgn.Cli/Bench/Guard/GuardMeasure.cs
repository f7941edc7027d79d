namespace Cgn.Cli.Bench.Guard;

/// <summary>What one case of the guard came to: the path's time in units of the reference loop's.</summary>
/// <param name="Name">Which case.</param>
/// <param name="MedianRatio">Median over the rounds of the ratio within a round.</param>
/// <param name="BestRatio">Ratio of the path's best round and the reference's best round.</param>
/// <param name="PathNs">The path's best, in nanoseconds a packet; says nothing about another machine.</param>
/// <param name="ReferenceNs">The reference loop's best, the same.</param>
internal sealed record GuardMeasure(
    string Name, double MedianRatio, double BestRatio, double PathNs, double ReferenceNs)
{
    /// <summary>Sums up rounds.</summary>
    /// <param name="name">Which case.</param>
    /// <param name="pathNs">The path's time of each round, in nanoseconds a packet.</param>
    /// <param name="referenceNs">The reference loop's time of the same rounds.</param>
    public static GuardMeasure Of(string name, double[] pathNs, double[] referenceNs)
    {
        double[] ratios = new double[pathNs.Length];
        double bestPath = double.PositiveInfinity;
        double bestReference = double.PositiveInfinity;
        for (int i = 0; i < ratios.Length; i++)
        {
            ratios[i] = pathNs[i] / referenceNs[i];
            bestPath = double.Min(bestPath, pathNs[i]);
            bestReference = double.Min(bestReference, referenceNs[i]);
        }

        return new GuardMeasure(
            name, Statistics.Median(ratios), bestPath / bestReference, bestPath, bestReference);
    }
}
