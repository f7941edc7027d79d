using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Testing;

/// <summary>The gateway under test: `cgn run` in its namespace, with a configuration made for the run.</summary>
public sealed class LabGateway : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(10);
    private readonly NetworkNamespace _where;
    private readonly BackgroundCommand _process;

    private LabGateway(NetworkNamespace where, BackgroundCommand process)
    {
        _where = where;
        _process = process;
    }

    /// <summary>The log of port blocks that it writes.</summary>
    public string BlockLogPath { get; } = LabGatewayConfig.BlockLogPath;

    /// <summary>The last lines that it wrote.</summary>
    public string LastWords => _process.LastWords;

    /// <summary>True once it ended, asked or not.</summary>
    public bool HasEnded => _process.HasEnded;

    /// <summary>Starts it on empty state and waits until its metrics say that it forwards.</summary>
    /// <exception cref="LabException">It ended or did not become ready; the message holds what it said.</exception>
    public static async Task<LabGateway> StartAsync(LabTopology topology, string driver, CancellationToken cancellation)
    {
        string path = Path.Combine(LabState.Folder, $"gateway-{driver}.yaml");
        await File.WriteAllTextAsync(path, LabGatewayConfig.Make(driver, topology.AccessMtuBytes), cancellation);
        File.Delete(LabGatewayConfig.BlockLogPath);
        if (Directory.Exists(LabGatewayConfig.StateFolder))
            Directory.Delete(LabGatewayConfig.StateFolder, recursive: true);

        string[] verb = ["run", "--config", path];
        NetworkNamespace where = topology.Gateway;
        LabGateway gateway = new(where, BackgroundCommand.Start(where, SelfCommand.Program, SelfCommand.Words(verb)));
        try
        {
            await gateway.WaitUntilReadyAsync(cancellation);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to end.</summary>
    /// <returns>Its exit code; null when it had to be killed.</returns>
    public async Task<int?> StopAsync() => await _process.StopAsync(s_stopLimit) ? _process.ExitCode : null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>One reading of its metrics.</summary>
    /// <returns>null when it does not serve any.</returns>
    public async Task<LabMetrics?> ReadMetricsAsync(CancellationToken cancellation)
    {
        string url = $"http://{LabGatewayConfig.MetricsEndpoint}/metrics";
        string[] words = ["-sS", "--fail", "--max-time", "2", url];
        CommandResult curl = await _where.RunAsync("curl", words, cancellation: cancellation);
        return curl.Succeeded ? LabMetrics.Parse(curl.Output) : null;
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while ((await ReadMetricsAsync(cancellation))?.Sum("cgn_forwarder_up") is not 1)
        {
            if (_process.HasEnded)
                throw new LabException($"the gateway ended with code {_process.ExitCode}: {LastWords}");
            if (Stopwatch.GetElapsedTime(start) > s_startLimit)
                throw new LabException($"no forwarder after {s_startLimit.TotalSeconds:0} s: {LastWords}");
            await Task.Delay(100, cancellation);
        }
    }
}
