using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;

using Xunit;

namespace Cgn.Ports.Tests.Support;

/// <summary>
/// A network namespace that a test makes and removes. Code runs in it on a thread of its own, and so do processes which
/// that code starts.
/// </summary>
internal sealed class NetworkNamespace : IDisposable
{
    private const int NewNetwork = 0x40000000;
    private const int CloseOnExec = 0x80000;
    private static int s_count;

    private NetworkNamespace(string name) => Name = name;

    internal string Name { get; }

    /// <summary>Makes one, or skips the test with the reason.</summary>
    internal static NetworkNamespace Make()
    {
        Skip.IfNot(Environment.UserName == "root", "network namespaces need root");
        Skip.IfNot(
            File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"),
            "network namespaces need the program ip (package iproute2)");
        string name = $"cgn-ports-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        (int code, string output) = Try("ip", $"netns add {name}");
        Skip.IfNot(code == 0, $"no network namespace can be made here: {output}");
        NetworkNamespace made = new(name);
        made.Ip("link set lo up");
        return made;
    }

    /// <summary>Runs code in the namespace, on a thread that ends with it.</summary>
    internal void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                int file = open($"/run/netns/{Name}", CloseOnExec);
                int entered = setns(file, NewNetwork);
                int reason = Marshal.GetLastPInvokeError();
                _ = close(file);
                if (entered != 0)
                    throw new InvalidOperationException($"setns: error {reason}");
                action();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Runs ip(8) in the namespace.</summary>
    internal string Ip(string arguments) => Must("ip", $"-n {Name} {arguments}");

    /// <summary>Runs any program in the namespace.</summary>
    internal string Execute(string command) => Must("ip", $"netns exec {Name} {command}");

    public void Dispose() => Try("ip", $"netns del {Name}");

    internal static string Must(string program, string arguments)
    {
        (int code, string output) = Try(program, arguments);
        return code == 0
            ? output
            : throw new InvalidOperationException($"{program} {arguments}: exit {code}: {output}");
    }

    internal static (int Code, string Output) Try(string program, string arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int descriptor, int type);
}
