using System.Runtime.CompilerServices;

namespace Cgn.Memory.Rates;

/// <summary>
/// A token bucket in eight bytes: the virtual scheduling form of the generic cell rate algorithm (ITU-T I.371), in
/// which the state is the
/// time at which the bucket would be full again. Equal to a token bucket of the same rate and depth.
/// </summary>
public static class RateBucket
{
    /// <summary>Costs of a unit are in 1/65,536 ns, so that they are exact to 1 in 10,000 up to 1 Tbit/s.</summary>
    public const int CostShift = 16;

    /// <summary>The depth of a bucket that nothing is taken out of.</summary>
    public const long Unlimited = long.MaxValue >> 1;

    // Costs beyond this would not go with 65,535 units into 64 bits; rates so low are counted as 3.7 bit/s.
    private const long CostMax = long.MaxValue >> 16;

    // Close to 65,536 over the golden ratio, and odd: its multiples fill the range evenly, from the first few on.
    private const uint Spread = 40503;

    /// <summary>Takes a cost out of a bucket if it conforms.</summary>
    /// <param name="fullAtNs">The state: when the bucket will be full again, in nanoseconds; 0 is a full
    /// bucket.</param>
    /// <param name="nowNs">The time, in nanoseconds.</param>
    /// <param name="costNs">What this takes, in nanoseconds of the rate.</param>
    /// <param name="depthNs">How much the bucket holds, in nanoseconds of the rate; negative: nothing ever.</param>
    /// <returns>True, and the state moves on, when it conforms; false, and nothing is taken, when not.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(ref long fullAtNs, long nowNs, long costNs, long depthNs)
    {
        long fullAt = fullAtNs < nowNs ? nowNs : fullAtNs;
        if (fullAt - nowNs + costNs > depthNs)
        {
            // Emptier than empty it can only have become by another depth or a clock set back: that is forgiven.
            if (fullAt - nowNs > depthNs && depthNs >= 0)
                fullAtNs = nowNs + depthNs;
            return false;
        }

        fullAtNs = fullAt + costNs;
        return true;
    }

    /// <summary>The cost of one unit at a rate, in units of 1/65,536 ns.</summary>
    /// <param name="unitsPerSecond">The rate; 0 means no limit and costs nothing.</param>
    public static long CostPerUnit(double unitsPerSecond)
    {
        if (unitsPerSecond <= 0)
            return 0;
        double cost = 1e9 * (1 << CostShift) / unitsPerSecond;
        return cost < CostMax ? (long)(cost + 0.5) : CostMax;
    }

    /// <summary>
    /// The cost of some units in whole nanoseconds. It is rounded up as often as makes the sum over many right: a
    /// small packet on a fast line costs so few that any other rounding is another rate.
    /// </summary>
    /// <param name="costPerUnit">As of <see cref="CostPerUnit"/>.</param>
    /// <param name="units">How many, 0 to 65,535.</param>
    /// <param name="number">Counts what has been taken so far, by which it is decided.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Cost(long costPerUnit, int units, uint number) =>
        ((costPerUnit * units) + ((number * Spread) & ((1 << CostShift) - 1))) >> CostShift;
}
