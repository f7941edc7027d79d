using System.Runtime.CompilerServices;

namespace Cgn.Memory.Rates;

/// <summary>
/// A token bucket in eight bytes: the virtual scheduling form of the generic cell rate algorithm (ITU-T I.371), in
/// which the state is the
/// time at which the bucket would be full again. Equal to a token bucket of the same rate and depth.
/// </summary>
public static class RateBucket
{
    /// <summary>Cost units are 1/1024 ns, so that rates above 8 Gbit/s keep their precision.</summary>
    public const int CostShift = 10;

    /// <summary>Takes a cost out of a bucket if it conforms.</summary>
    /// <param name="fullAtNs">The state: when the bucket will be full again, in nanoseconds; 0 is a full
    /// bucket.</param>
    /// <param name="nowNs">The time, in nanoseconds.</param>
    /// <param name="costNs">What this takes, in nanoseconds of the rate.</param>
    /// <param name="depthNs">How much the bucket holds, in nanoseconds of the rate.</param>
    /// <returns>True, and the state moves on, when it conforms; false, and nothing changes, when it does not.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(ref long fullAtNs, long nowNs, long costNs, long depthNs)
    {
        long fullAt = fullAtNs < nowNs ? nowNs : fullAtNs;
        if (fullAt - nowNs + costNs > depthNs)
            return false;
        fullAtNs = fullAt + costNs;
        return true;
    }

    /// <summary>The cost of one unit at a rate, in units of 1/1024 ns.</summary>
    /// <param name="unitsPerSecond">The rate; 0 means no limit and costs nothing.</param>
    public static long CostPerUnit(double unitsPerSecond) =>
        unitsPerSecond <= 0 ? 0 : (long)(1e9 * (1 << CostShift) / unitsPerSecond);
}
