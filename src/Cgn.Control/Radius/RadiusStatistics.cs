using System;
using System.Threading;

using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius;

/// <summary>What RADIUS has done. Any thread counts, any thread reads.</summary>
public sealed class RadiusStatistics
{
    private readonly long[] _counts = new long[Enum.GetValues<RadiusCounter>().Length];
    private readonly Lock _gate = new();
    private (long Count, string Last) _refusals = (0, "");

    /// <summary>A counter's value; it never goes down.</summary>
    /// <param name="counter">Which.</param>
    public long this[RadiusCounter counter] => Interlocked.Read(ref _counts[(int)counter]);

    /// <summary>Policies that could not be granted, and whose the last was and why, for the operator.</summary>
    internal (long Count, string Last) Refusals
    {
        get
        {
            lock (_gate)
                return _refusals;
        }
    }

    internal void Tell(SubscriberIdentity who, string why)
    {
        lock (_gate)
            _refusals = (_refusals.Count + 1, $"{who.Name}: {why}");
    }

    internal void Count(RadiusCounter counter, long by = 1) => Interlocked.Add(ref _counts[(int)counter], by);
}
