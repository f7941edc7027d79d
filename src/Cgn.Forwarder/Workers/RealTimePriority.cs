using System;
using System.Runtime.InteropServices;

namespace Cgn.Forwarder.Workers;

/// <summary>
/// Puts the calling thread before all ordinary ones on its processor, as in sched_setscheduler(2) with SCHED_FIFO.
/// </summary>
/// <remarks>
/// Where the kernel receives on a worker's own processor, by a thread of its own (threaded NAPI, or ksoftirqd under
/// load), that thread never has enough under overload: at the same priority it takes half of the processor or more, and
/// drops nearly all that it receives. Behind the worker it receives as much as the worker can forward.
/// </remarks>
public static class RealTimePriority
{
    private const int First = 1;
    private const int Lowest = 1;

    // Before, the kernel stopped such threads for 50 ms in each second that they used whole. Since then it lends
    // ordinary threads that have starved for a second what they need, and no more (the fair server).
    private static readonly Version s_fairServer = new(6, 12);

    /// <summary>Sets it; does nothing when the system refuses, since it is a matter of speed alone.</summary>
    /// <returns>Whether it is set.</returns>
    public static bool Take()
    {
        int priority = Lowest;
        return Environment.OSVersion.Version >= s_fairServer && SetScheduler(0, First, ref priority) == 0;
    }

    [DllImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static extern int SetScheduler(int thread, int policy, ref int priority);
}
