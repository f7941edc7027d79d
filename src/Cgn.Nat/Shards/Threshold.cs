namespace Cgn.Nat;

/// <summary>
/// Whether a resource is used beyond a threshold, and whether that is to be told: once when it rises there, again only
/// after it has been clearly below, and never twice within an interval.
/// </summary>
internal struct Threshold
{
    // Below the threshold by so many percentage points, it is armed again: a level that trembles around the threshold
    // is told once.
    private const int ClearPoints = 5;

    private bool _isTold;
    private uint _notBefore;

    /// <summary>Takes a look at a level.</summary>
    /// <param name="level">How much is used.</param>
    /// <param name="capacity">How much there is.</param>
    /// <param name="percent">The threshold, 1 to 100; 0 for none.</param>
    /// <param name="tick">The time.</param>
    /// <param name="interval">Least time between two notifications, in ticks.</param>
    /// <returns>It is to be told now.</returns>
    internal bool IsCrossed(uint level, uint capacity, int percent, uint tick, uint interval)
    {
        ulong hundredfold = level * 100UL;
        if (percent == 0 || capacity == 0 || hundredfold < (ulong)percent * capacity)
        {
            int clear = percent > ClearPoints ? percent - ClearPoints : percent;
            _isTold &= percent != 0 && hundredfold >= (ulong)clear * capacity;
            return false;
        }

        if (_isTold || (_notBefore != 0 && (int)(tick - _notBefore) < 0))
            return false;
        _isTold = true;
        _notBefore = tick + interval;
        return true;
    }
}
