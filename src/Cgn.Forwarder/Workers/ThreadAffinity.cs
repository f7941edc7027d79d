using System;
using System.Runtime.InteropServices;

namespace Cgn.Forwarder.Workers;

/// <summary>Binds the calling thread to a processor, as in sched_setaffinity(2).</summary>
public static class ThreadAffinity
{
    private const int MaskWords = 16;

    /// <summary>Binds the calling thread; does nothing when the system refuses, since it is a matter of speed
    /// alone.</summary>
    /// <param name="cpu">Processor, from 0.</param>
    /// <returns>Whether it is bound.</returns>
    public static bool Pin(int cpu)
    {
        if (cpu is < 0 or >= MaskWords * 64)
            return false;
        ulong[] mask = new ulong[MaskWords];
        mask[cpu / 64] = 1UL << (cpu % 64);
        return SetAffinity(0, MaskWords * sizeof(ulong), mask) == 0;
    }

    /// <summary>Whether the calling thread may run on some processor beside these.</summary>
    /// <param name="cpus">Processors, from 0.</param>
    public static bool HasOthers(ReadOnlySpan<int> cpus)
    {
        ulong[] mask = new ulong[MaskWords];
        if (GetAffinity(0, MaskWords * sizeof(ulong), mask) < 0)
            return false;
        foreach (int cpu in cpus)
        {
            if (cpu is >= 0 and < MaskWords * 64)
                mask[cpu / 64] &= ~(1UL << (cpu % 64));
        }

        return mask.AsSpan().ContainsAnyExcept(0UL);
    }

    [DllImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static extern int GetAffinity(int thread, nint maskBytes, [In, Out] ulong[] mask);

    [DllImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static extern int SetAffinity(int thread, nint maskBytes, [In] ulong[] mask);
}
