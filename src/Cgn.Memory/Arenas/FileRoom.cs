using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;

namespace Cgn.Memory.Arenas;

/// <summary>
/// What the files of an arena have yet to get from their file system. They are made with their full size and without
/// a page; one that the file system can't give when it is first touched ends the process (SIGBUS, mmap(2)).
/// </summary>
public static unsafe class FileRoom
{
    private const int CurrentDirectory = -100;
    private const uint Blocks = 0x400;
    private const int StatBytes = 256;
    private const int BlocksOffset = 48;
    private const ulong BlockBytes = 512;

    /// <summary>Bytes that the sections of a directory need beside the pages that their files have.</summary>
    /// <param name="directory">The arena's directory.</param>
    /// <param name="sections">All sections that will be taken.</param>
    public static ulong Missing(string directory, ReadOnlySpan<SectionSize> sections)
    {
        ulong page = (ulong)Environment.SystemPageSize;
        ulong missing = 0;
        foreach (SectionSize section in sections)
        {
            ulong wanted = (section.Bytes + page - 1) / page * page;
            missing += wanted - Math.Min(wanted, Allocated(Arena.PathOf(directory, section.Name)));
        }

        return missing;
    }

    /// <summary>Bytes that the file system of a directory has free for this user.</summary>
    /// <returns>The greatest number where it sets no limit, or can't be asked.</returns>
    public static ulong Free(string directory)
    {
        try
        {
            DriveInfo system = new(Path.GetFullPath(directory));
            // A tmpfs without a limit says that it has nothing at all.
            return system.TotalSize == 0 ? ulong.MaxValue : (ulong)system.AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ulong.MaxValue;
        }
    }

    // Of a file that can't be asked about all there may be: nobody is refused for what is not known.
    private static ulong Allocated(string path)
    {
        if (!File.Exists(path))
            return 0;
        byte* stat = stackalloc byte[StatBytes];
        return statx(CurrentDirectory, path, 0, Blocks, stat) != 0
            ? ulong.MaxValue
            : BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(stat + BlocksOffset, sizeof(ulong)))
                * BlockBytes;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int statx(
        int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte* stat);
}
