using System;
using System.Collections.Generic;
using System.Globalization;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>
/// Remembers which forwarders died of a fault. What they found may have been the cause, so the state is suspect from
/// then on: the next one to attach makes anew what it can. One that took the place of the dead at once has attached
/// already; if that dies too, the one after it obeys. When even that does not help, the next ones are given time.
/// </summary>
/// <param name="settings">Where the state lies.</param>
internal sealed class FaultWatch(ControlSettings settings)
{
    /// <summary>A forwarder that has lived for so long is well.</summary>
    public static readonly TimeSpan HealthyLife = TimeSpan.FromMinutes(1);

    private const int Many = 3;
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(30);

    private readonly Queue<long> _faults = new();

    /// <summary>
    /// How long to wait before the next one: nothing, until three have died of faults within a minute; from then on
    /// longer with each.
    /// </summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>
    /// A spare may be kept: it takes the place of whoever dies without asking how often that has been.
    /// </summary>
    public bool AllowsSpare => Pause == TimeSpan.Zero && Count < Many - 1;

    /// <summary>What an operator may want to know when it does not end.</summary>
    public string Hint => $"its state is in {settings.Directory.Path}; if this goes on, "
        + "'cgn run --discard-state' starts without it and loses the sessions";

    private int Count
    {
        get
        {
            while (_faults.TryPeek(out long first)
                && Environment.TickCount64 - first > HealthyLife.TotalMilliseconds)
                _faults.Dequeue();
            return _faults.Count;
        }
    }

    /// <summary>Takes the end of a forwarder into account.</summary>
    /// <param name="process">It has ended.</param>
    /// <param name="isHung">It was killed because it hung.</param>
    /// <returns>True when that was a fault.</returns>
    public bool Note(ForwarderProcess? process, bool isHung)
    {
        if (process is null || !(isHung || process.HasFailed))
            return false;
        settings.Directory.TrySuspect();
        _faults.Enqueue(Environment.TickCount64);
        if (Pause != TimeSpan.Zero)
            Pause = Pause * 2 < s_pauseMax ? Pause * 2 : s_pauseMax;
        else if (Count >= Many)
            Pause = s_pauseMin;
        return true;
    }

    /// <summary>A forwarder is well: what was before does not count any more.</summary>
    public void Forget()
    {
        _faults.Clear();
        Pause = TimeSpan.Zero;
    }

    /// <summary>Why the next one has to wait, for messages.</summary>
    public string Why => string.Create(
        CultureInfo.InvariantCulture,
        $"forwarders die of faults one after the other; the next is started in {Pause.TotalSeconds:0} s; {Hint}");
}
