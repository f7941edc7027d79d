using System;
using System.Threading;

using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius;

/// <summary>What RADIUS has done. Any thread counts, any thread reads.</summary>
public sealed class RadiusStatistics
{
    private readonly long[] _counts = new long[Enum.GetValues<RadiusCounter>().Length];

    /// <summary>A counter's value; it never goes down.</summary>
    /// <param name="counter">Which.</param>
    public long this[RadiusCounter counter] => Interlocked.Read(ref _counts[(int)counter]);

    /// <summary>Whose policy could not be granted last and why, for the operator; null for nobody's.</summary>
    internal string? LastRefusal { get; private set; }

    internal void Tell(SubscriberIdentity who, string why) => LastRefusal = $"{who.Name}: {why}";

    internal void Count(RadiusCounter counter, long by = 1) => Interlocked.Add(ref _counts[(int)counter], by);
}
