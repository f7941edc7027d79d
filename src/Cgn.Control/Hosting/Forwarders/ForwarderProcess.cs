using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>
/// One life of the forwarder process: a child of ours, or one that an earlier control plane left running.
/// </summary>
internal sealed class ForwarderProcess : IDisposable
{
    // signal(7): ILL, TRAP, ABRT, BUS, FPE, SEGV.
    private const int SignalBase = 128;
    private const int BrokenInvariant = 4;

    private readonly Process _process;
    private readonly bool _isChild;

    private ForwarderProcess(Process process, bool isChild)
    {
        _process = process;
        _isChild = isChild;
        Id = process.Id;
    }

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a forwarder.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="errors">Takes each line of its standard error.</param>
    /// <param name="followsUs">Its standard input stays open, and ends when we do.</param>
    /// <exception cref="SystemRefusedException">The program can't be started.</exception>
    public static ForwarderProcess Start(
        ForwarderCommand command, Action<string> errors, bool followsUs = false)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(command.Program, command.Arguments)
            {
                RedirectStandardError = true,
                RedirectStandardInput = true,
            },
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data))
                errors(line.Data);
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            process.Dispose();
            throw new SystemRefusedException(
                $"the forwarder {command.Program} can't be started: {error.Message}", error);
        }

        // It reads nothing, and a terminal's input is ours.
        if (!followsUs)
            process.StandardInput.Close();
        process.BeginErrorReadLine();
        return new ForwarderProcess(process, isChild: true);
    }

    /// <summary>Takes over a forwarder that runs already.</summary>
    /// <returns>Null when there is no such process.</returns>
    public static ForwarderProcess? Adopt(int processId)
    {
        try
        {
            return new ForwarderProcess(Process.GetProcessById(processId), isChild: false);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Waits until it has ended and its last line has been read.</summary>
    public Task ExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>How it ended, for messages.</summary>
    public string Ending => !_isChild ? "ended"
        : _process.ExitCode > SignalBase ? $"was ended by signal {_process.ExitCode - SignalBase}"
        : $"ended with exit code {_process.ExitCode}";

    /// <summary>The exit code of a child that has ended, else -1.</summary>
    public int ExitCode => _isChild && _process.HasExited ? _process.ExitCode : -1;

    /// <summary>
    /// A child that has ended of a fault of its own: a broken invariant, or memory that is not there. Nobody asked it
    /// to end, and nothing was refused to it.
    /// </summary>
    public bool HasFailed =>
        ExitCode is BrokenInvariant or (SignalBase + 4) or (SignalBase + 5) or (SignalBase + 6) or (SignalBase + 7)
            or (SignalBase + 8) or (SignalBase + 11);

    /// <summary>Asks it to end, and makes it end when it does not.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        if (_process.HasExited)
            return true;
        Signals.TryTerminate(Id);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return false;
        }
    }

    public void Dispose() => _process.Dispose();
}
