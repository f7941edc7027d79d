using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab;

/// <summary>
/// A process of the lab that outlives the command which made it, in a session of its own. Its process id and what it
/// says lie in the state directory; it ends with its namespace.
/// </summary>
/// <param name="Namespace">Where it lives.</param>
/// <param name="Name">Names its files in the state directory.</param>
/// <param name="Program">What is started.</param>
/// <param name="Arguments">What is passed to it.</param>
/// <param name="ReadyMark">A piece of what it says once it serves; null when it need not be waited for.</param>
public sealed record Daemon(
    NetworkNamespace Namespace,
    string Name,
    string Program,
    IReadOnlyList<string> Arguments,
    string? ReadyMark)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private string PidPath => Path.Combine(LabState.Folder, $"{Name}.pid");

    private string LogPath => Path.Combine(LabState.Folder, $"{Name}.log");

    /// <summary>True while its process lives.</summary>
    public bool Runs =>
        File.Exists(PidPath)
        && int.TryParse(File.ReadAllText(PidPath), CultureInfo.InvariantCulture, out int pid)
        && Directory.Exists($"/proc/{pid}");

    /// <summary>Starts it and waits until it serves.</summary>
    /// <exception cref="LabException">It ended at once or never became ready; the message holds what it
    /// said.</exception>
    public async Task StartAsync()
    {
        const string Script = "echo $$ > \"$0\"; log=\"$1\"; shift; exec \"$@\" > \"$log\" 2>&1 < /dev/null";
        string path = CommandRunner.Find(Program) ?? Program;
        string[] words = ["--fork", "sh", "-c", Script, PidPath, LogPath, path, .. Arguments];
        File.Delete(PidPath);
        (await Namespace.RunAsync("setsid", words)).Require();

        long start = Stopwatch.GetTimestamp();
        while (!IsReady())
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            if (waited > s_patience || (waited > TimeSpan.FromSeconds(1) && !Runs))
                throw new LabException($"{Name} in {Namespace.Name} did not start: {Log().Trim()}");
            await Task.Delay(20);
        }
    }

    private bool IsReady() => Runs && (ReadyMark is null || Log().Contains(ReadyMark, StringComparison.Ordinal));

    private string Log() => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";
}
