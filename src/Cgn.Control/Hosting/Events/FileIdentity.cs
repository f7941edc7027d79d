using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace Cgn.Control.Hosting.Events;

/// <summary>Which file it is, whatever its name: that of statx(2).</summary>
/// <param name="Device">Device that it lies on.</param>
/// <param name="Number">Its inode.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Number)
{
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const uint NumberWanted = 0x100;
    private const int ResultBytes = 256;
    private const int NumberAt = 32;
    private const int DeviceAt = 136;

    /// <summary>The identity of an open file.</summary>
    /// <exception cref="IOException">The system doesn't say.</exception>
    public static FileIdentity Of(SafeFileHandle file) => Ask((int)file.DangerousGetHandle(), "", EmptyPath);

    /// <summary>The identity of what a path names.</summary>
    /// <exception cref="IOException">There is nothing, or the system doesn't say.</exception>
    public static FileIdentity Of(string path) => Ask(CurrentDirectory, path, 0);

    private static FileIdentity Ask(int directory, string path, int flags)
    {
        byte[] result = new byte[ResultBytes];
        if (statx(directory, path, flags, NumberWanted, result) != 0)
            throw new IOException($"statx: error {Marshal.GetLastPInvokeError()}");
        return new FileIdentity(
            BinaryPrimitives.ReadUInt64LittleEndian(result.AsSpan(DeviceAt)),
            BinaryPrimitives.ReadUInt64LittleEndian(result.AsSpan(NumberAt)));
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int statx(
        int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] result);
}
