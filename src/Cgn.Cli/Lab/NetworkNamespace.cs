using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab;

/// <summary>A named network namespace as iproute2 keeps them, and how to act inside it.</summary>
/// <param name="Name">Its name, which is also the file in /run/netns.</param>
public sealed record NetworkNamespace(string Name)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>True when it is there.</summary>
    public bool Exists => File.Exists($"/run/netns/{Name}") || File.Exists($"/var/run/netns/{Name}");

    /// <summary>Makes it, with its loopback up.</summary>
    /// <exception cref="LabException">The kernel refused.</exception>
    public async Task CreateAsync()
    {
        (await CommandRunner.RunAsync("ip", ["netns", "add", Name])).Require();
        await IpAsync("link set lo up");
    }

    /// <summary>Runs `ip` inside; the arguments stand in one string, separated by blanks.</summary>
    /// <exception cref="LabException">It failed.</exception>
    public async Task<CommandResult> IpAsync(string arguments)
    {
        string[] words = ["-n", Name, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        return (await CommandRunner.RunAsync("ip", words)).Require();
    }

    /// <summary>Runs a program inside, to its end.</summary>
    public Task<CommandResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        TimeSpan? limit = null,
        string? input = null,
        CancellationToken cancellation = default) =>
        CommandRunner.RunAsync("ip", ["netns", "exec", Name, program, .. arguments], limit, input, cancellation);

    /// <summary>
    /// Sets kernel settings inside; each is a path below /proc/sys and its value, as in `net/ipv4/ip_forward=1`.
    /// </summary>
    /// <exception cref="LabException">One of them is unknown or not allowed.</exception>
    public async Task SetAsync(params string[] settings)
    {
        // Written by a shell inside: which namespace's settings a file below /proc/sys/net holds is decided by who
        // opens it.
        IEnumerable<string> writes = settings
            .Select(setting => setting.Split('='))
            .Select(pair => $"echo {pair[1]} > /proc/sys/{pair[0]}");
        string script = string.Join(" && ", writes);
        (await RunAsync("sh", ["-c", script])).Require();
    }

    /// <summary>Forgets what its kernel has learnt about paths: their MTUs, redirects.</summary>
    /// <exception cref="LabException">The kernel refused.</exception>
    public async Task ForgetPathsAsync()
    {
        await IpAsync("-4 route flush cache");
        await IpAsync("-6 route flush cache");
    }

    /// <summary>The processes that live inside.</summary>
    public async Task<IReadOnlyList<int>> ProcessesAsync()
    {
        CommandResult pids = await CommandRunner.RunAsync("ip", ["netns", "pids", Name]);
        string[] lines = pids.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    /// <summary>
    /// Ends every process inside (asked first, killed after three seconds) and removes the namespace, with all that
    /// hangs on it: virtual links and their far ends, XDP programs, sockets. Nothing happens when it is not there.
    /// </summary>
    public async Task DeleteAsync()
    {
        if (!Exists)
            return;

        await EndProcessesAsync();
        (await CommandRunner.RunAsync("ip", ["netns", "delete", Name])).Require();
    }

    /// <summary>Ends every process inside, by force where asking does not help.</summary>
    /// <exception cref="LabException">One does not end.</exception>
    public async Task EndProcessesAsync()
    {
        foreach (string signal in new[] { "-TERM", "-KILL" })
        {
            await SignalAsync(signal);
            if (await EmptyWithinAsync(s_patience))
                return;
        }

        throw new LabException($"A process in {Name} does not end even when killed; see `ip netns pids {Name}`.");
    }

    private async Task<bool> EmptyWithinAsync(TimeSpan patience)
    {
        DateTime deadline = DateTime.UtcNow + patience;
        while ((await ProcessesAsync()).Count > 0)
        {
            if (DateTime.UtcNow > deadline)
                return false;
            await Task.Delay(50);
        }

        return true;
    }

    private async Task SignalAsync(string signal)
    {
        IReadOnlyList<int> processes = await ProcessesAsync();
        if (processes.Count > 0)
        {
            // A process that ended in between is not an error, so the exit code says nothing.
            await CommandRunner.RunAsync("sh", ["-c", $"kill {signal} {string.Join(' ', processes)}"]);
        }
    }
}
