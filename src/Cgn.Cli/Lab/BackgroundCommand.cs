using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab;

/// <summary>
/// A program that runs beside the checks in one namespace and ends with them, such as the gateway under test.
/// </summary>
public sealed class BackgroundCommand : IAsyncDisposable
{
    private const int LinesMax = 4000;
    private const int LastLines = 6;
    private readonly Process _process;
    private readonly Queue<string> _lines = new();
    private readonly string _name;

    private BackgroundCommand(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>True once it ended by itself or was stopped.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its process, also after it has ended.</summary>
    public int ProcessId => _process.Id;

    /// <summary>How it ended; only after <see cref="HasEnded"/>.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>
    /// The last lines that it wrote, on either stream, for messages; places in a stack trace are left out.
    /// </summary>
    public string LastWords
    {
        get
        {
            lock (_lines)
                return string.Join(" / ", _lines.Where(IsWorthShowing).TakeLast(LastLines));
        }
    }

    /// <summary>Starts a program inside a namespace.</summary>
    /// <exception cref="LabException">It could not be started.</exception>
    public static BackgroundCommand Start(NetworkNamespace where, string program, IReadOnlyList<string> arguments)
    {
        string ip = CommandRunner.Find("ip") ?? throw new LabException("There is no program ip; install iproute2.");
        ProcessStartInfo start = new(ip, ["netns", "exec", where.Name, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)
            ?? throw new LabException($"{program} could not be started in {where.Name}.");
        BackgroundCommand command = new(process, System.IO.Path.GetFileName(program));
        process.OutputDataReceived += (_, line) => command.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => command.Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return command;
    }

    /// <summary>The lines that it wrote that hold a piece of text.</summary>
    public IReadOnlyList<string> LinesWith(string part)
    {
        lock (_lines)
            return [.. _lines.Where(line => line.Contains(part, StringComparison.Ordinal))];
    }

    /// <summary>Waits for a line that begins so.</summary>
    /// <returns>The rest of that line.</returns>
    /// <exception cref="LabException">It ended before, or the time is over.</exception>
    public async Task<string> WaitForLineAsync(string beginning, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            bool ended = HasEnded;
            if (FindLine(beginning) is { } line)
                return line[beginning.Length..].Trim();
            if (ended)
                throw new LabException($"{_name} ended with code {ExitCode}: {LastWords}");
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new LabException(
                    $"{_name} did not say '{beginning}' in {limit.TotalSeconds:0} s; it said: {LastWords}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Asks it to end (SIGTERM), waits, and kills it when it does not.</summary>
    /// <returns>True when it ended by itself when asked, or had ended before.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        if (HasEnded)
            return true;

        await CommandRunner.RunAsync("sh", ["-c", $"kill -TERM {_process.Id}"]);
        using CancellationTokenSource deadline = new(patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    /// <summary>Ends its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until it ends by itself.</summary>
    /// <exception cref="LabException">The time is over.</exception>
    public async Task WaitAsync(TimeSpan limit)
    {
        using CancellationTokenSource deadline = new(limit);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new LabException($"{_name} did not end in {limit.TotalSeconds:0} s; it said: {LastWords}");
        }
    }

    /// <summary>Stops it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(3));
        _process.Dispose();
    }

    private static bool IsWorthShowing(string line) =>
        line.Length > 0 && !line.Contains("   at ", StringComparison.Ordinal);

    private string? FindLine(string beginning)
    {
        lock (_lines)
            return _lines.FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal));
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesMax)
                _lines.Dequeue();
        }
    }
}
