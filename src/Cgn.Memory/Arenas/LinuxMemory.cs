using System.Runtime.InteropServices;

namespace Cgn.Memory.Arenas;

/// <summary>The system's memory calls, as in mmap(2) and madvise(2).</summary>
internal static unsafe class LinuxMemory
{
    internal const int ProtectRead = 1;
    internal const int ProtectWrite = 2;
    internal const int MapShared = 1;
    internal const int MapPrivate = 2;
    internal const int MapAnonymous = 0x20;
    internal const int MapNoReserve = 0x4000;
    internal const int AdviseHugePage = 14;
    internal const int AdvisePopulateWrite = 23;

    [DllImport("libc", SetLastError = true)]
    internal static extern void* mmap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", SetLastError = true)]
    internal static extern int munmap(void* address, nuint length);

    [DllImport("libc", SetLastError = true)]
    internal static extern int madvise(void* address, nuint length, int advice);
}
