using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Testing;

/// <summary>A real Prometheus beside the gateway that scrapes it every second.</summary>
public sealed class LabPrometheus : IAsyncDisposable
{
    private const string Endpoint = "127.0.0.1:9090";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);
    private readonly NetworkNamespace _where;
    private readonly BackgroundCommand _process;
    private readonly string _folder;

    private LabPrometheus(NetworkNamespace where, BackgroundCommand process, string folder)
    {
        _where = where;
        _process = process;
        _folder = folder;
    }

    /// <summary>Longer than it takes until a change of the gateway's counters can be asked for.</summary>
    public static TimeSpan ScrapeDelay { get; } = TimeSpan.FromSeconds(2.5);

    /// <summary>True when this machine has one.</summary>
    public static bool IsInstalled => CommandRunner.Find("prometheus") is not null;

    /// <summary>Starts it and waits until it has scraped the gateway.</summary>
    /// <exception cref="LabException">It ended or did not become ready; the message holds what it said.</exception>
    public static async Task<LabPrometheus> StartAsync(NetworkNamespace where, CancellationToken cancellation)
    {
        string folder = Path.Combine(LabState.Folder, "prometheus");
        Directory.CreateDirectory(folder);
        string config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $"""
            global: {"{"} scrape_interval: 1s, scrape_timeout: 1s {"}"}
            scrape_configs:
              - job_name: cgn
                static_configs: [ {"{"} targets: ["{LabGatewayConfig.MetricsEndpoint}"] {"}"} ]
            """, cancellation);
        BackgroundCommand process = BackgroundCommand.Start(
            where,
            "prometheus",
            [$"--config.file={config}", $"--storage.tsdb.path={folder}/data", $"--web.listen-address={Endpoint}"]);
        LabPrometheus prometheus = new(where, process, folder);
        try
        {
            await prometheus.WaitUntilReadyAsync(cancellation);
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>The value of an expression that gives one number now; null when it gives none.</summary>
    /// <exception cref="LabException">Prometheus does not answer, or refuses the expression.</exception>
    public async Task<double?> AskAsync(string expression, CancellationToken cancellation)
    {
        string url = $"http://{Endpoint}/api/v1/query";
        string[] words = ["-sS", "--max-time", "5", "--get", "--data-urlencode", $"query={expression}", url];
        string answer = (await _where.RunAsync("curl", words, cancellation: cancellation)).Require().Output;
        using JsonDocument document = JsonDocument.Parse(answer);
        if (document.RootElement.GetProperty("status").GetString() != "success")
            throw new LabException($"Prometheus refused `{expression}`: {answer}");

        JsonElement result = document.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0
            ? null
            : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        string[] words = ["-sS", "--fail", "--max-time", "2", "-o", "/dev/null", $"http://{Endpoint}/-/ready"];
        long start = Stopwatch.GetTimestamp();
        while (!(await _where.RunAsync("curl", words, cancellation: cancellation)).Succeeded
            || await AskAsync("up{job=\"cgn\"}", cancellation) is not 1)
        {
            if (_process.HasEnded || Stopwatch.GetElapsedTime(start) > s_startLimit)
                throw new LabException($"Prometheus does not scrape: {_process.LastWords}");
            await Task.Delay(100, cancellation);
        }
    }
}
