using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Cgn.Memory;

/// <summary>A hint to the processor that a cache line will be wanted soon; nothing where the processor has none.
/// Never faults.</summary>
public static unsafe class Prefetch
{
    /// <summary>Fetches the line into all levels of the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Read(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Fetches the line that a variable lies in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<T>(ref T place)
        where T : unmanaged
    {
        // Taking the address without pinning is sound: a prefetch of a stale address has no effect.
        Read(Unsafe.AsPointer(ref place));
    }
}
