using System;
using System.IO;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace Cgn.Memory.Arenas;

/// <summary>A run of native memory from the system: private, or a mapped file that outlives the process. Zeroed when
/// new.</summary>
public sealed unsafe class NativeRegion : IDisposable
{
    private const int HugePageBytes = 2 << 20;

    private byte* _address;

    private NativeRegion(byte* address, nuint bytes, bool wasThere)
    {
        _address = address;
        Bytes = bytes;
        WasThere = wasThere;
    }

    /// <summary>First byte, page-aligned; 0 after <see cref="Dispose"/>.</summary>
    public nint Address => (nint)_address;

    /// <summary>Bytes in the region.</summary>
    public nuint Bytes { get; }

    /// <summary>The file was there before, so the region holds what an earlier process left.</summary>
    public bool WasThere { get; }

    /// <summary>Private memory, in huge pages where the system grants them.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static NativeRegion Anonymous(nuint bytes)
    {
        bytes = RoundUp(Math.Max(bytes, 1), (nuint)Environment.SystemPageSize);
        byte* address = Map(bytes, LinuxMemory.MapPrivate | LinuxMemory.MapAnonymous | LinuxMemory.MapNoReserve, -1);
        AskForHugePages(address, bytes);
        return new NativeRegion(address, bytes, wasThere: false);
    }

    /// <summary>
    /// A file mapped shared, in huge pages where its file system grants them (tmpfs with <c>huge=advise</c>): made with
    /// that size when absent, attached to when its size is equal.
    /// </summary>
    /// <exception cref="IOException">The file can't be opened, or has another size.</exception>
    /// <exception cref="IOException">The system refused to map it.</exception>
    public static NativeRegion File(string path, nuint bytes)
    {
        bytes = RoundUp(Math.Max(bytes, 1), (nuint)Environment.SystemPageSize);
        bool wasThere = System.IO.File.Exists(path) && new FileInfo(path).Length > 0;
        using SafeFileHandle handle = System.IO.File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(handle);
        if (wasThere && length != (long)bytes)
            throw new IOException(
                $"{path} has {length} bytes where {bytes} are expected: it was made with other capacities");
        if (!wasThere)
            RandomAccess.SetLength(handle, (long)bytes);
        byte* address = Map(bytes, LinuxMemory.MapShared, (int)handle.DangerousGetHandle());
        AskForHugePages(address, bytes);
        return new NativeRegion(address, bytes, wasThere);
    }

    /// <summary>A file mapped for reading only, whatever its size: how another process looks at the records.</summary>
    /// <exception cref="IOException">The file is absent, empty or can't be opened.</exception>
    public static NativeRegion ReadOnlyFile(string path)
    {
        using SafeFileHandle handle = System.IO.File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(handle);
        if (length == 0)
            throw new IOException($"{path} is empty");
        byte* address = Map((nuint)length, LinuxMemory.MapShared, (int)handle.DangerousGetHandle(),
            LinuxMemory.ProtectRead);
        return new NativeRegion(address, (nuint)length, wasThere: true);
    }

    /// <summary>
    /// Takes all pages from the system now, so that none is waited for later, and none is refused then.
    /// </summary>
    /// <returns>False when the system did not: memory is short, or it is older than Linux 5.14.</returns>
    public bool TryPopulate() => LinuxMemory.madvise(_address, Bytes, LinuxMemory.AdvisePopulateWrite) == 0;

    /// <summary>Gives the memory back to the system; a mapped file stays.</summary>
    public void Dispose()
    {
        if (_address == null)
            return;
        _ = LinuxMemory.munmap(_address, Bytes);
        _address = null;
    }

    private static void AskForHugePages(byte* address, nuint bytes)
    {
        if (bytes >= HugePageBytes)
            _ = LinuxMemory.madvise(address, bytes, LinuxMemory.AdviseHugePage);
    }

    private static byte* Map(nuint bytes, int flags, int file,
        int protection = LinuxMemory.ProtectRead | LinuxMemory.ProtectWrite)
    {
        void* address = LinuxMemory.mmap(null, bytes, protection, flags, file, 0);
        if (address == (void*)-1)
        {
            throw new IOException(
                $"the system refused {bytes} bytes of memory (error {Marshal.GetLastPInvokeError()})");
        }

        return (byte*)address;
    }

    private static nuint RoundUp(nuint value, nuint step) => (value + step - 1) / step * step;
}
