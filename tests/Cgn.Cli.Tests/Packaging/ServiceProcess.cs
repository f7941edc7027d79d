using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace Cgn.Cli.Tests.Packaging;

/// <summary>A process that tells its service manager how it fares, and what it has said.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    public ServiceProcess(string[] words, string notify)
    {
        Notify = new NotifySocket(notify);
        var start = new ProcessStartInfo("ip", words)
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["NOTIFY_SOCKET"] = notify;
        start.Environment["WATCHDOG_USEC"] = "2000000";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["HOME"] = "/nonexistent";
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said)
                _said.Append(line.Data).Append('\n');
        };
        _process.BeginErrorReadLine();
    }

    public NotifySocket Notify { get; }

    public int Id => _process.Id;

    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>The capabilities that it has, as the kernel writes them: one bit each.</summary>
    public ulong Capabilities => ulong.Parse(
        File.ReadLines($"/proc/{Id}/status").Single(static line => line.StartsWith("CapEff:", StringComparison.Ordinal))
            ["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Waits for an assignment; gives the place behind it.</summary>
    public Task<int> HearsAsync(string assignment, int from = 0) => Notify.UntilAsync(assignment, () => Said, from);

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Asks it to end, and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        Signal("TERM");
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        Notify.Dispose();
    }
}
