using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Hosting.Metrics;
using Cgn.FakeForwarder;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>What load balancers and process managers are told, and whether it is true.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Without_a_forwarder_it_is_healthy_and_not_ready()
    {
        await using var scene = await Scene.StartAsync();

        Assert.Empty(await scene.AskAsync("/healthz", HttpStatusCode.OK));
        Assert.Equal(["no forwarder"], await scene.AskAsync("/readyz", HttpStatusCode.ServiceUnavailable));
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Http.GetAsync("/elsewhere")).StatusCode);
    }

    [Fact]
    public async Task With_a_forwarder_that_lives_it_is_ready_and_with_one_that_stands_still_it_is_not()
    {
        await using var scene = await Scene.StartAsync();
        scene.Attach();

        scene.Forwarder.Beat();
        Assert.Empty(await scene.AskAsync("/readyz", HttpStatusCode.OK));
        scene.Forwarder.Beat(ageSeconds: 60);
        string reason = Assert.Single(await scene.AskAsync("/readyz", HttpStatusCode.ServiceUnavailable));
        Assert.StartsWith("the forwarder's last sign of life was 6", reason);
        Assert.Empty(await scene.AskAsync("/healthz", HttpStatusCode.OK));
    }

    [Fact]
    public async Task While_a_log_cannot_be_written_it_is_not_ready_and_the_families_say_which_log_and_how_much()
    {
        await using var scene = await Scene.StartAsync();
        scene.Attach();
        scene.Forwarder.Tell(EventKind.BlockAllocated);
        await scene.UntilAsync("cgn_log_records_written_total{sink=\"fake\"} 1");
        scene.Forwarder.Beat();
        Assert.Empty(await scene.AskAsync("/readyz", HttpStatusCode.OK));

        scene.Sink.IsBroken = true;
        scene.Forwarder.Tell(EventKind.BlockReleased);
        await scene.UntilAsync("cgn_log_sink_writable{sink=\"fake\"} 0");
        await scene.UntilAsync("cgn_log_records_lost_total{sink=\"fake\"} 1");
        await scene.UntilAsync("cgn_events_total{kind=\"block_released\"} 1");
        scene.Forwarder.Beat();
        Assert.Equal(
            ["fake can't be written"], await scene.AskAsync("/readyz", HttpStatusCode.ServiceUnavailable));

        scene.Sink.IsBroken = false;
        scene.Forwarder.Tell(EventKind.BlockAllocated);
        await scene.UntilAsync("cgn_log_sink_writable{sink=\"fake\"} 1");
        scene.Forwarder.Beat();
        Assert.Empty(await scene.AskAsync("/readyz", HttpStatusCode.OK));
    }

    [Fact]
    public async Task When_events_are_no_longer_recorded_it_is_not_healthy()
    {
        await using var scene = await Scene.StartAsync();
        await scene.Pump.StopAsync(CancellationToken.None);

        Assert.Equal(
            ["events are no longer recorded"], await scene.AskAsync("/healthz", HttpStatusCode.ServiceUnavailable));
    }

    private sealed class FakeSink : IEventSink
    {
        public string Name => "fake";

        public volatile bool IsBroken;

        public bool TryWrite(ReadOnlySpan<ForwarderEvent> events, out int recorded)
        {
            recorded = events.Length;
            return !IsBroken;
        }

        public void Reopen()
        {
        }
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly TestGateway _gateway = new();
        private readonly GatewayAttachment _attachment = new();
        private readonly ForwarderStatistics _statistics = new();
        private readonly MetricsService _service;

        private Scene()
        {
            GatewaySettings settings = _gateway.Settings.Snapshot.Settings;
            settings.OnOverflow = OverflowPolicy.Drop;
            ControlSettings control = _gateway.Settings with
            {
                Snapshot = _gateway.Settings.Snapshot with { Settings = settings },
            };
            control.Directory.Create();
            SnapshotFile.Write(control.Directory.SnapshotFile, control.Snapshot);
            Forwarder = new FakeState(control.Directory, control.Snapshot);
            var log = new OperatorLog(TextWriter.Null);
            var desk = new ConfigurationDesk(control, _attachment, [Sink]);
            Pump = new EventPump(_attachment, log, desk, [Sink], []);
            _service = new MetricsService(control, _attachment, Pump, _statistics, log);
            Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_gateway.MetricsPort}") };
        }

        public FakeSink Sink { get; } = new();

        public FakeState Forwarder { get; }

        public EventPump Pump { get; }

        public HttpClient Http { get; }

        public static async Task<Scene> StartAsync()
        {
            Scene scene = new();
            await scene.Pump.StartAsync(CancellationToken.None);
            await scene._service.StartAsync(CancellationToken.None);
            return scene;
        }

        public void Attach()
        {
            _attachment.Attach(_gateway.State);
            _statistics.IsReady = true;
        }

        /// <summary>The reasons of an answer, whose verdict must agree with its status.</summary>
        public async Task<IReadOnlyList<string>> AskAsync(string path, HttpStatusCode status)
        {
            using HttpResponseMessage answer = await Http.GetAsync(path);
            using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(status == HttpStatusCode.OK, body.RootElement.EnumerateObject().First().Value.GetBoolean());
            return [.. body.RootElement.GetProperty("reasons").EnumerateArray().Select(static r => r.GetString()!)];
        }

        public Task UntilAsync(string line) => TestGateway.UntilAsync(
            () => Http.GetStringAsync("/metrics").GetAwaiter().GetResult().Contains($"\n{line}\n"), line);

        public async ValueTask DisposeAsync()
        {
            await _service.StopAsync(CancellationToken.None);
            await _service.DisposeAsync();
            await Pump.StopAsync(CancellationToken.None);
            Pump.Dispose();
            Http.Dispose();
            _attachment.Dispose();
            Forwarder.Dispose();
            _gateway.Dispose();
        }
    }
}
