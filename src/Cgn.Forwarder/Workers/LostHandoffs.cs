using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;

namespace Cgn.Forwarder.Workers;

/// <summary>Frames that lay between two workers when an earlier process was killed.</summary>
internal static class LostHandoffs
{
    /// <summary>Counts them as dropped, so that what was handed over and what was received agree.</summary>
    /// <param name="workers">The counters of all workers, before any of them runs.</param>
    public static void Count(IReadOnlyList<CounterBlock> workers)
    {
        long frames = 0;
        foreach (CounterBlock counters in workers)
            frames += counters[CounterId.HandoffsSent] - counters[CounterId.HandoffsReceived];
        for (; frames > 0; frames--)
        {
            workers[0][CounterId.HandoffsReceived]++;
            workers[0].Drop(DropReason.Restart, 0);
        }
    }
}
