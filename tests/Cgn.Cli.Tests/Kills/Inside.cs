using System;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Cli.Lab;

namespace Cgn.Cli.Tests.Kills;

/// <summary>Threads of this process that live in a network namespace.</summary>
internal static class Inside
{
    private const int NewNetwork = 0x40000000;
    private const int CloseOnExec = 0x80000;

    /// <summary>Starts a thread in a namespace.</summary>
    internal static Thread Start(NetworkNamespace space, Action action)
    {
        Thread thread = new(() =>
        {
            int file = open($"/run/netns/{space.Name}", CloseOnExec);
            if (setns(file, NewNetwork) != 0)
                throw new InvalidOperationException($"setns: error {Marshal.GetLastPInvokeError()}");
            _ = close(file);
            action();
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    /// <summary>Ends a process at once.</summary>
    internal static void Kill(int process) => _ = kill(process, 9);

    /// <summary>Has a process stand still (SIGSTOP).</summary>
    internal static void Halt(int process) => _ = kill(process, 19);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int descriptor, int type);

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
