using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Contract.Process;

using Microsoft.Win32.SafeHandles;

namespace Cgn.Forwarder.Live;

/// <summary>
/// The right to forward in a state directory: one process has it at a time, and the kernel takes it from one that dies,
/// at that instant.
/// </summary>
internal sealed class ForwarderLock : IDisposable
{
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int Interrupted = 4;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int CloseOnExec = 0x80000;
    private const int OwnerAndGroup = 0x1B0;
    private const int DuplicateCloseOnExec = 1030;
    private const int High = 512;

    private readonly SafeFileHandle _file;

    private ForwarderLock(SafeFileHandle file) => _file = file;

    /// <summary>Opens the file of a directory, which is made when absent; the lock is not taken yet.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory can't be made.</exception>
    public static ForwarderLock Open(StateDirectory directory)
    {
        directory.Create();
        // Not by way of the class library, which locks what it opens.
        int file = open(directory.ForwarderLockFile, ReadWrite | Create | CloseOnExec, OwnerAndGroup);
        if (file < 0)
        {
            throw new IOException($"{directory.ForwarderLockFile} can't be opened: "
                + Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
        }

        return new ForwarderLock(new SafeFileHandle(Raise(file), ownsHandle: true));
    }

    // The kernel lets go of a dead process's files from the highest number down (task_work is last in, first out):
    // whoever waits goes on while sockets and programs are still being taken down, which takes tens of milliseconds.
    // No thread runs any more by then.
    private static int Raise(int file)
    {
        int raised = fcntl(file, DuplicateCloseOnExec, High);
        if (raised < 0)
            return file;
        _ = close(file);
        return raised;
    }

    /// <summary>Takes the lock if it is free.</summary>
    public bool TryTake() => flock(_file, Exclusive | NonBlocking) == 0;

    /// <summary>Waits for the lock, on a thread of its own; never given up but with the process.</summary>
    /// <param name="taken">Set when it has been taken.</param>
    public void TakeBehind(ManualResetEvent taken) => new Thread(() =>
    {
        while (flock(_file, Exclusive) != 0)
        {
            // A signal came; anything else would come again at once, and is waited out.
            if (Marshal.GetLastPInvokeError() != Interrupted)
                Thread.Sleep(1);
        }

        try
        {
            taken.Set();
        }
        catch (ObjectDisposedException)
        {
            // The process is ending, and nobody looks any more.
        }
    })
    { IsBackground = true, Name = "forwarder.lock" }.Start();

    /// <summary>Gives it up.</summary>
    public void Dispose() => _file.Dispose();

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int fcntl(int file, int command, int argument);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int file);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(SafeFileHandle file, int operation);
}
