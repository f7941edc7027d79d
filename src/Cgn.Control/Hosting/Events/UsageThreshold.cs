using System;

namespace Cgn.Control.Hosting.Events;

/// <summary>
/// Whether a level has risen to a high threshold or fallen below a low one, and whether that is to be told: never twice
/// within an interval, and of both within one only the high one (RFC 7659 natv2PoolThresholdUsageLow).
/// </summary>
internal sealed class UsageThreshold
{
    private bool _isHigh;

    // What is low from the start is told by nobody.
    private bool _isLow = true;
    private bool _owesHigh;
    private bool _owesLow;
    private long? _toldAtMs;

    /// <summary>Takes a look at a level.</summary>
    /// <param name="level">How much is used.</param>
    /// <param name="capacity">How much there is.</param>
    /// <param name="low">The low threshold in percent; 0 for none.</param>
    /// <param name="high">The high threshold in percent; 0 for none.</param>
    /// <param name="nowMs">The time, in milliseconds of any clock that does not go back.</param>
    /// <param name="interval">Least time between two that are told.</param>
    /// <returns>What is to be told now.</returns>
    public UsageCrossing Look(long level, long capacity, int low, int high, long nowMs, TimeSpan interval)
    {
        bool isHigh = high != 0 && capacity > 0 && Reaches(level, capacity, high);
        bool isLow = low == 0 || capacity <= 0 || !Reaches(level, capacity, low);
        _owesHigh |= isHigh && !_isHigh;
        _owesLow |= low != 0 && isLow && !_isLow;
        (_isHigh, _isLow) = (isHigh, isLow);
        if (_toldAtMs is { } told && nowMs - told < (long)interval.TotalMilliseconds)
            return UsageCrossing.None;
        UsageCrossing crossing = _owesHigh ? UsageCrossing.High : _owesLow ? UsageCrossing.Low : UsageCrossing.None;
        _owesHigh = _owesLow = false;
        if (crossing != UsageCrossing.None)
            _toldAtMs = nowMs;
        return crossing;
    }

    private static bool Reaches(long level, long capacity, int percent) => level * 100m >= (decimal)capacity * percent;
}
