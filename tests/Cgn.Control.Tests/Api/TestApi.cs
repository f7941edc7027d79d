using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Api;
using Cgn.Control.Api.Events;
using Cgn.Control.Api.Security;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Policy;
using Cgn.Control.Tests.Configuration;
using Cgn.Control.Tests.Hosting;
using Cgn.FakeForwarder;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>The API over a state directory whose records are known, at a port that the kernel gives.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly string _folder;
    private readonly GatewayAttachment _attachment = new();
    private readonly StringWriter _errors = new();
    private readonly ApiEndpoints _endpoints;
    private readonly ApiService _service;
    private readonly ConfigurationDesk _desk;
    private readonly PolicyDesk _policies;

    private TestApi(string folder, string keys, uint records, string more, int eventsKept, string plan)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        State = new StateDirectory(Path.Combine(folder, "state"));
        TokenFile = Path.Combine(folder, "tokens");
        string yaml = ConfigText.Small.Replace("name: test", $"name: test, state-directory: {State.Path}")
            .Replace("{ id: home }", plan)
            + $"api: {{ listen: '127.0.0.1:8464'{keys.Replace("FOLDER", folder)} }}\n{more}";
        bool usable = ConfigLoader.TryParse(
            "test.yaml", yaml, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        Assert.True(usable, string.Join('\n', faults.All));
        State.Create();
        SnapshotFile.Write(State.SnapshotFile, snapshot!);
        Fake = new FakeState(State, snapshot!, records);
        Fake.Enter(ForwarderState.Ready);
        _attachment.Attach(State);
        var settings = new ControlSettings(options!, snapshot!, State, TestGateway.FakeForwarder("ready", State));
        var log = new OperatorLog(TextWriter.Synchronized(_errors));
        RuntimeMappings mappings = Mappings = RuntimeMappings.Of(settings);
        Options = options!;
        _desk = new ConfigurationDesk(settings, _attachment, [], mappings);
        Events = new EventStream(eventsKept);
        Pump = new EventPump(_attachment, log, _desk, [], [Events]);
        Statistics = new ForwarderStatistics { IsReady = true };
        _policies = new PolicyDesk(_attachment, _desk, mappings);
        _desk.History.Add(yaml, "start", snapshot!.Name, snapshot.Generation, DateTimeOffset.UnixEpoch);
        _endpoints = new ApiEndpoints(
            settings, _attachment, _desk, mappings, Events, Statistics, _policies, Counts, log);
        _service = new ApiService(settings, _endpoints, log) { Listen = new HostPort("127.0.0.1", 0) };
    }

    public StateDirectory State { get; }

    /// <summary>Static mappings made at run time.</summary>
    public RuntimeMappings Mappings { get; }

    public GatewayOptions Options { get; }

    public FakeState Fake { get; }

    public EventStream Events { get; }

    /// <summary>Takes events to the stream, once it is started.</summary>
    public EventPump Pump { get; }

    public ForwarderStatistics Statistics { get; }

    public ApiStatistics Counts { get; } = new();

    public string TokenFile { get; }

    public string AuditFile => Path.Combine(State.Path, "audit.jsonl");

    public string Errors => _errors.ToString();

    public HttpClient Http { get; } = new();

    public Uri Address => new(_service.Address);

    /// <summary>Starts it.</summary>
    /// <param name="keys">Keys of the section api behind listen, with a comma before; FOLDER is its folder.</param>
    /// <param name="records">Records of a shard.</param>
    /// <param name="more">More of the configuration.</param>
    /// <param name="eventsKept">Events that the stream keeps.</param>
    /// <param name="prepare">What to do in the folder before.</param>
    /// <param name="plan">The plan home, or several.</param>
    public static async Task<TestApi> StartAsync(
        string keys = "", uint records = 15, string more = "", int eventsKept = 1024, Action<string>? prepare = null,
        string plan = "{ id: home }")
    {
        string folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        prepare?.Invoke(folder);
        var api = new TestApi(folder, keys, records, more, eventsKept, plan);
        await api._policies.StartAsync(CancellationToken.None);
        await api._service.StartAsync(CancellationToken.None);
        api.Http.BaseAddress = api.Address;
        return api;
    }

    /// <summary>The same with a token for reading and one for writing, and a client that has the second.</summary>
    public static async Task<TestApi> WithTokensAsync(
        uint records = 15, string more = "", string plan = "{ id: home }", string api = "")
    {
        string read = "", write = "";
        TestApi test = await StartAsync(", token-file: FOLDER/tokens" + api, records, more, prepare: folder =>
        {
            read = Add(folder, "reader", ApiRole.Read);
            write = Add(folder, "writer", ApiRole.Write);
        }, plan: plan);
        (test.ReadToken, test.WriteToken) = (read, write);
        test.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", write);
        return test;
    }

    public string ReadToken { get; private set; } = "";

    public string WriteToken { get; private set; } = "";

    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(path);
        return await ReadAsync(response, 200);
    }

    /// <summary>Sends something and expects a status.</summary>
    public async Task<JsonElement> SendAsync(
        string method, string path, int status, string? body = null, string type = "application/json",
        Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        change?.Invoke(request);
        using HttpResponseMessage response = await Http.SendAsync(request);
        return await ReadAsync(response, status);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, int status)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}, not {status}: {text}");
        if (text.Length == 0)
            return default;
        JsonElement root = JsonDocument.Parse(text).RootElement;
        if (status < 400)
            return root;
        // Every error is a problem that says what is wrong (RFC 9457).
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(status, root.GetProperty("status").GetInt32());
        Assert.NotEqual("", root.GetProperty("title").GetString());
        Assert.NotEqual("", root.GetProperty("detail").GetString());
        return root;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _service.StopAsync(CancellationToken.None);
        await _service.DisposeAsync();
        _endpoints.Dispose();
        await _policies.StopAsync(CancellationToken.None);
        _policies.Dispose();
        await Pump.StopAsync(CancellationToken.None);
        Pump.Dispose();
        _desk.Dispose();
        _attachment.Dispose();
        Fake.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Add(string folder, string name, ApiRole role) =>
        Cgn.Control.Api.Security.TokenFile.Add(Path.Combine(folder, "tokens"), name, role)!;
}
