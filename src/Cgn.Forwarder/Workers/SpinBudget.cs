using System;

namespace Cgn.Forwarder.Workers;

/// <summary>
/// How many turns without frames a worker takes before it sleeps. Looking again is faster than being woken, where the
/// frames come by another processor; where the kernel receives on the worker's own, looking again keeps them away. So
/// it learns: twice as many turns when looking has found frames or would have, half as many when they came as soon as
/// the worker slept.
/// </summary>
public sealed class SpinBudget
{
    /// <summary>Turns at most: some tens of microseconds, so that a steady trickle is not kept waiting.</summary>
    public const int Most = 200;

    /// <summary>Turns at least.</summary>
    public const int Least = 1;

    /// <summary>Whoever is woken sooner has not really slept: the frames were there. In nanoseconds.</summary>
    public const long NoSleepNs = 4_000;

    /// <summary>Whoever is woken sooner has been in the way of what woke him. In nanoseconds.</summary>
    public const long ShortSleepNs = 64_000;

    private int _spent;

    /// <summary>Turns without frames before a sleep, as of now.</summary>
    public int Turns { get; private set; } = Most;

    /// <summary>Takes note of a turn with frames.</summary>
    public void Found()
    {
        if (_spent != 0)
            Grow();
        _spent = 0;
    }

    /// <summary>Takes note of a turn without frames.</summary>
    /// <returns>True when it is time to sleep.</returns>
    public bool Missed() => ++_spent > Turns;

    /// <summary>Takes note of a sleep that frames have ended.</summary>
    /// <param name="ns">How long it was, in nanoseconds.</param>
    public void Woken(long ns)
    {
        _spent = 0;
        if (ns < NoSleepNs)
            Grow();
        else if (ns < ShortSleepNs)
            Turns = Math.Max(Least, Turns / 2);
    }

    private void Grow() => Turns = Math.Min(Most, Turns * 2);
}
