using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Trace;

namespace Cgn.Cli.Lab.Testing;

/// <summary>The gateway under test: `cgn run` in its namespace, with a configuration made for the run.</summary>
public sealed class LabGateway : IAsyncDisposable
{
    private const string InForce = "is in force, generation";
    private const string Restarts = "cgn_process_restarts_total";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_reloadLimit = TimeSpan.FromSeconds(20);
    private static readonly Lock s_verbs = new();
    private readonly NetworkNamespace _where;
    private BackgroundCommand _process;

    private LabGateway(NetworkNamespace where, string configPath, string driver)
    {
        _where = where;
        Driver = driver;
        ConfigPath = configPath;
        FirstConfig = File.ReadAllText(configPath);
        _process = StartProcess();
    }

    /// <summary>The driver that it was given.</summary>
    public string Driver { get; }

    /// <summary>The configuration file that it reads.</summary>
    public string ConfigPath { get; }

    /// <summary>The configuration that it was started with.</summary>
    public string FirstConfig { get; }

    /// <summary>The log of port blocks that it writes.</summary>
    public string BlockLogPath { get; } = LabGatewayConfig.BlockLogPath;

    /// <summary>The last lines that it wrote.</summary>
    public string LastWords => _process.LastWords;

    /// <summary>True once it ended, asked or not.</summary>
    public bool HasEnded => _process.HasEnded;

    /// <summary>Starts it on empty state and waits until its metrics say that it forwards.</summary>
    /// <param name="topology">The lab around it.</param>
    /// <param name="driver">`af_xdp` or `pcap`.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="change">What is to be changed in the lab's configuration; nothing by default.</param>
    /// <exception cref="LabException">It ended or did not become ready; the message holds what it said.</exception>
    public static async Task<LabGateway> StartAsync(
        LabTopology topology, string driver, CancellationToken cancellation, Func<string, string>? change = null)
    {
        string path = Path.Combine(LabState.Folder, $"gateway-{driver}.yaml");
        string yaml = LabGatewayConfig.Make(driver, topology.AccessMtuBytes);
        await File.WriteAllTextAsync(path, change?.Invoke(yaml) ?? yaml, cancellation);
        // A check that failed may have left a forwarder without its control plane.
        await topology.Gateway.EndProcessesAsync();
        // A gateway before this one knew narrow paths for ten minutes and told them to the servers: these would
        // still fragment what the new gateway's rates are measured with.
        foreach (NetworkNamespace space in topology.Namespaces)
            await space.ForgetPathsAsync();
        File.Delete(LabGatewayConfig.BlockLogPath);
        if (Directory.Exists(LabGatewayConfig.StateFolder))
            Directory.Delete(LabGatewayConfig.StateFolder, recursive: true);

        File.Delete(EpochFile.Of(LabGatewayConfig.BlockLogPath, default).Path);
        LabGateway gateway = new(topology.Gateway, path, driver);
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

    /// <summary>Writes another configuration to its file, has it read it (SIGHUP), and waits for its answer.</summary>
    /// <param name="yaml">The configuration.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What it said; the last line says whether the configuration is in force.</returns>
    /// <exception cref="LabException">It did not answer.</exception>
    public async Task<IReadOnlyList<string>> ReloadAsync(string yaml, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(ConfigPath, yaml, cancellation);
        int before = _process.LinesWith("").Count;
        (await CommandRunner.RunAsync("kill", ["-HUP", $"{_process.ProcessId}"], cancellation: cancellation)).Require();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_reloadLimit)
        {
            string[] said = [.. _process.LinesWith("").Skip(before)];
            int answer = Array.FindIndex(said, IsAnswer);
            if (answer >= 0)
                return said[..(answer + 1)];
            await Task.Delay(20, cancellation);
        }

        throw new LabException($"no answer to SIGHUP in {s_reloadLimit.TotalSeconds:0} s; it said: {LastWords}");
    }

    /// <summary>The last line of <see cref="ReloadAsync"/> says that the configuration is in force.</summary>
    public static bool IsInForce(IReadOnlyList<string> said) => said[^1].Contains(InForce, StringComparison.Ordinal);

    /// <summary>The lines with a text that the process that runs now has written.</summary>
    public IReadOnlyList<string> Said(string text) => _process.LinesWith(text);

    /// <summary>Whether the process that runs now has written this.</summary>
    public bool HasSaid(string text) => _process.LinesWith(text).Count > 0;

    /// <summary>Runs a verb of ours that is about this gateway, without a process of its own.</summary>
    public Task<CommandResult> AskAsync(string[] verb, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using StringWriter output = new();
            using StringWriter error = new();
            string[] words = [.. verb, "--config", ConfigPath];
            // Verbs share their options, so they are made and run one at a time.
            lock (s_verbs)
            {
                int exitCode = Program.CreateRoot().Parse(words)
                    .Invoke(new InvocationConfiguration { Output = output, Error = error });
                string command = $"cgn {string.Join(' ', words)}";
                return new CommandResult(command, exitCode, output.ToString(), error.ToString());
            }
        },
        cancellation);

    /// <summary>Kills the forwarder (SIGKILL) and waits until another forwards.</summary>
    /// <exception cref="LabException">None did.</exception>
    public async Task KillForwarderAsync(CancellationToken cancellation)
    {
        double restarts = (await ReadMetricsAsync(cancellation))?.Sum(Restarts) ?? 0;
        (await CommandRunner.RunAsync(
            "pkill", ["-KILL", "-P", $"{_process.ProcessId}"], cancellation: cancellation)).Require();
        long start = Stopwatch.GetTimestamp();
        while ((await ReadMetricsAsync(cancellation))?.Sum(Restarts) is not { } now || now <= restarts)
        {
            if (Stopwatch.GetElapsedTime(start) > s_startLimit)
                throw new LabException($"nobody saw that the forwarder was killed: {LastWords}");
            await Task.Delay(50, cancellation);
        }

        await WaitUntilReadyAsync(cancellation);
    }

    /// <summary>Kills the control plane (SIGKILL), whose forwarder goes on, and starts it again.</summary>
    /// <exception cref="LabException">It did not become ready again.</exception>
    public async Task KillControlAsync(CancellationToken cancellation)
    {
        string[] words = ["-KILL", $"{_process.ProcessId}"];
        (await CommandRunner.RunAsync("kill", words, cancellation: cancellation)).Require();
        // The forwarder holds the pipes of what started it, so only the process is waited for.
        while (!_process.HasEnded)
            await Task.Delay(20, cancellation);
        await _process.DisposeAsync();
        _process = StartProcess();
        await WaitUntilReadyAsync(cancellation);
    }

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

    private static bool IsAnswer(string line) => line.Contains(InForce, StringComparison.Ordinal)
        || line.Contains("the configuration in force stays", StringComparison.Ordinal);

    private BackgroundCommand StartProcess() => BackgroundCommand.Start(
        _where, SelfCommand.Program, SelfCommand.Words("run", "--config", ConfigPath));

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
