using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Api.Security;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Tests.Hosting;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>A whole control plane with its API over a forwarder of its own, which takes configurations.</summary>
internal sealed class RunningApi : IAsyncDisposable
{
    private readonly string _tokens = Path.Combine(Path.GetTempPath(), $"cgn-tokens-{Guid.NewGuid():N}");
    private CancellationTokenSource _end = new();
    private StringWriter _errors = new();
    private Task _running = Task.CompletedTask;

    private RunningApi(string mode, string more)
    {
        string token = TokenFile.Add(_tokens, "writer", ApiRole.Write)!;
        int port = TestGateway.FreePort();
        Gateway = new TestGateway(mode, $"api: {{ listen: '127.0.0.1:{port}', token-file: {_tokens} }}\n{more}");
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public TestGateway Gateway { get; }

    public HttpClient Http { get; }

    public string Errors => _errors.ToString();

    public ConfigSnapshot Snapshot => SnapshotFile.Read(Gateway.State.SnapshotFile);

    public static async Task<RunningApi> StartAsync(string mode = "ready", string more = "")
    {
        var api = new RunningApi(mode, more);
        await api.StartAsync(api.Gateway.Settings);
        return api;
    }

    public async Task StartAsync(ControlSettings settings)
    {
        _end = new CancellationTokenSource();
        _errors = new StringWriter();
        TextWriter errors = TextWriter.Synchronized(_errors);
        CancellationToken end = _end.Token;
        _running = Task.Run(() => ControlPlane.RunAsync(settings, errors, end));
        await TestGateway.UntilAsync(
            () => Errors.Contains(": ready:", StringComparison.Ordinal) || _running.IsCompleted, "the gateway");
        Assert.False(_running.IsCompleted, Errors);
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    public async Task<JsonElement> SendAsync(
        string method, string path, int status, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        using HttpResponseMessage response = await Http.SendAsync(request);
        return await TestApi.ReadAsync(response, status);
    }

    public async Task<JsonElement[]> ItemsAsync(string path) =>
        [.. (await SendAsync("GET", path, 200)).GetProperty("items").EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Http.Dispose();
        Gateway.Dispose();
        File.Delete(_tokens);
    }
}
