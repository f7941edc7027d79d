using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>A real Prometheus on loopback, with the checkout's rules, that scrapes a gateway every second.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly Process _process;
    private readonly HttpClient _http;

    private RealPrometheus(string folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        // What is not read would stop it once the pipe is full.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
    }

    public static async Task<RealPrometheus> StartAsync(int gatewayPort, string rules)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        string config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $"""
            global: {"{"} scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s {"}"}
            rule_files: ["{rules}/recording.yaml", "{rules}/alerts.yaml"]
            scrape_configs:
              - job_name: cgn
                static_configs: [ {"{"} targets: ["127.0.0.1:{gatewayPort}"] {"}"} ]
            """);
        int port = FreePort();
        var start = new ProcessStartInfo("prometheus")
        {
            ArgumentList =
            {
                $"--config.file={config}", $"--storage.tsdb.path={folder}/data",
                $"--web.listen-address=127.0.0.1:{port}",
            },
            RedirectStandardError = true,
        };
        return new RealPrometheus(folder, Process.Start(start)!, port);
    }

    /// <summary>The value of an expression that gives one, once it does.</summary>
    public async Task<double> UntilAsync(string expression)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                JsonElement result = (await AskAsync(expression)).GetProperty("result");
                if (result.GetArrayLength() != 0)
                    return double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
            }
            catch (HttpRequestException)
            {
                // It does not listen yet, or is still replaying its log: 503, in words.
            }

            Assert.False(_process.HasExited, "Prometheus has ended");
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"Prometheus has no value for {expression}");
            await Task.Delay(200);
        }
    }

    /// <summary>The data of an answer to an expression, which must be one that Prometheus understands.</summary>
    public async Task<JsonElement> AskAsync(string expression)
    {
        using HttpResponseMessage answer =
            await _http.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            throw new HttpRequestException("Prometheus is not ready", null, answer.StatusCode);
        JsonElement body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.True(answer.IsSuccessStatusCode, $"{expression}: {body}");
        return body.GetProperty("data");
    }

    /// <summary>The health of all rules once each was evaluated: one word, or the first that is not ok.</summary>
    public async Task<string> RuleHealthAsync()
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            using JsonDocument answer = JsonDocument.Parse(await _http.GetStringAsync("/api/v1/rules"));
            JsonElement[] rules = [.. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                .SelectMany(static group => group.GetProperty("rules").EnumerateArray())];
            string[] health = [.. rules.Select(static rule => rule.GetProperty("health").GetString()!)];
            if (health.Length != 0 && !health.Contains("unknown"))
                return health.FirstOrDefault(static word => word != "ok") ?? "ok";
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, "rules are not evaluated");
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
