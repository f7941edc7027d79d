using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Snapshots;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Forwarders;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>The whole control plane, with a child process that only says that it forwards.</summary>
public class ControlPlaneTests
{
    [Fact]
    public async Task It_starts_the_forwarder_logs_its_blocks_serves_metrics_and_ends_it()
    {
        using var gateway = new TestGateway();
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(() => gateway.LogLines().Length == 1 || run.IsCompleted, "the first log line");

        StatusFile.TryRead(gateway.State, out StatusPage status);
        using var http = new HttpClient();
        string metrics = "";
        await TestGateway.UntilAsync(
            () => (metrics = Scrape(http, gateway)).Contains("cgn_log_records_written_total{sink=\"block-log\"} 1"),
            $"the written record among {metrics}");
        gateway.End();
        await run;

        Assert.Contains("\ncgn_forwarder_up 1\n", metrics);
        Assert.Contains("\ncgn_packets_total{direction=\"outbound\",access=\"ds-lite\"} 7\n", metrics);
        Assert.Equal(2, gateway.LogLines().Length);
        Assert.Contains("\"event\":\"released\"", gateway.LogLines()[1]);
        Assert.False(Directory.Exists($"/proc/{status.ProcessId}"));
        Assert.Contains("cgn: test: ready: 1 worker, inside in0 (fake), outside out0 (fake)", gateway.Errors);
    }

    [Fact]
    public async Task A_forwarder_that_refuses_ends_the_start_with_its_own_words()
    {
        using var gateway = new TestGateway("refuse");

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.Equal("the forwarder ended with exit code 3 before it was ready", refusal.Message);
        Assert.Equal("cgn: forwarder: interfaces.inside.device in0: there is no such device", gateway.Errors.Trim());
    }

    [Fact]
    public async Task A_part_that_fails_ends_the_control_plane_as_if_it_were_killed()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<HostOptions>(static options =>
            options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddHostedService<Failing>();
        using IHost host = builder.Build();
        await host.StartAsync();

        var fault = await Assert.ThrowsAsync<ControlFaultException>(() => ControlPlane.WaitAsync(host, default));

        Assert.Contains("what nobody thought of", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        using var gateway = new TestGateway();
        gateway.Settings = gateway.Settings with { Forwarder = new ForwarderCommand("/nonexistent/cgn-forwarder", []) };

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.Contains("/nonexistent/cgn-forwarder can't be started", refusal.Message);
    }

    [Fact]
    public async Task A_forwarder_that_dies_is_started_again_and_counted()
    {
        using var gateway = new TestGateway();
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(() => gateway.LogLines().Length == 1 || run.IsCompleted, "the first log line");

        File.WriteAllText(Path.Combine(gateway.State.Path, "die"), "");
        await TestGateway.UntilAsync(
            () => gateway.LogLines().Length == 2 || run.IsCompleted, "the second forwarder's log line");
        using var http = new HttpClient();
        await TestGateway.UntilAsync(
            () => Scrape(http, gateway).Contains("cgn_process_restarts_total{process=\"forwarder\"} 1"), "the restart");
        gateway.End();
        await run;

        Assert.Contains("the forwarder ended with exit code 7; it is started again", gateway.Errors);
    }

    [Fact]
    public async Task A_control_plane_that_died_is_counted_by_the_next_and_one_that_ended_is_not()
    {
        using var gateway = new TestGateway();
        for (int life = 0; life < 3; life++)
        {
            Task run = gateway.RunAsync();
            using var http = new HttpClient();
            string line = $"cgn_process_restarts_total{{process=\"control\"}} {(life == 2 ? 1 : 0)}\n";
            await TestGateway.UntilAsync(() => Scrape(http, gateway).Contains(line) || run.IsCompleted, line);
            gateway.End();
            await run;
            // As one leaves it that has no time to say so.
            if (life == 1)
                File.WriteAllText(gateway.State.LifeFile, "running 0\n");
            gateway.Again();
        }
    }

    [Fact]
    public async Task A_block_log_that_can_t_be_opened_is_refused_by_its_name()
    {
        using var gateway = new TestGateway();
        Directory.CreateDirectory(gateway.BlockLog);

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.Contains("logging.block-log", refusal.Message);
    }

    [Fact]
    public async Task A_disk_without_room_for_what_authorities_ask_about_is_refused_with_the_place()
    {
        using var gateway = new TestGateway();
        string folder = Path.GetDirectoryName(gateway.BlockLog)!;
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(gateway.BlockLog + ".epochs", "/dev/full");

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.StartsWith(
            $"the configuration can't be recorded in {gateway.BlockLog}.epochs, by which", refusal.Message);
        Assert.EndsWith($"; make room in the file system of {folder}", refusal.Message);
        Assert.Equal(0, StatusFile.RunningIn(gateway.State));
    }

    [Fact]
    public async Task A_state_directory_has_one_control_plane()
    {
        using var gateway = new TestGateway();
        Directory.CreateDirectory(gateway.State.Path);
        using var other = new FileStream(
            gateway.State.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        File.WriteAllText(gateway.State.ControlProcessFile, "4711\n");

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.Contains("another 'cgn run' has it (process 4711)", refusal.Message);
    }

    [Fact]
    public async Task A_state_directory_that_can_not_be_written_is_not_said_to_be_another_s()
    {
        using var gateway = new TestGateway();
        Directory.CreateDirectory(gateway.State.LifeFile);

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.Contains($"gateway.state-directory {gateway.State.Path} can't be taken: ", refusal.Message);
        Assert.Contains(gateway.State.LifeFile, refusal.Message);
        Assert.DoesNotContain("has it (process", refusal.Message);
    }

    [Fact]
    public async Task A_forwarder_that_an_earlier_control_plane_left_goes_on()
    {
        using var gateway = new TestGateway();
        gateway.State.Create();
        SnapshotFile.Write(gateway.State.SnapshotFile, gateway.Settings.Snapshot);
        using Process earlier = Process.Start("dotnet", gateway.Settings.Forwarder.Arguments);
        await TestGateway.UntilAsync(
            () => StatusFile.TryRead(gateway.State, out StatusPage page) && page.State == ForwarderState.Ready,
            "it to be ready");

        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(() => gateway.Errors.Contains("ready") || run.IsCompleted, "the control plane");
        gateway.End();
        await run;

        Assert.Contains($"the forwarder {earlier.Id} was running and goes on", gateway.Errors);
        Assert.True(earlier.WaitForExit(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_forwarder_that_an_earlier_control_plane_left_is_not_ended_for_what_nothing_could_forward_by()
    {
        using var gateway = new TestGateway("misfit");
        gateway.State.Create();
        var other = gateway.Settings.Snapshot.Settings;
        other.Seed = 99;
        SnapshotFile.Write(gateway.State.SnapshotFile, gateway.Settings.Snapshot with { Settings = other });
        using Process earlier = Process.Start("dotnet", gateway.Settings.Forwarder.Arguments);
        await TestGateway.UntilAsync(
            () => StatusFile.TryRead(gateway.State, out StatusPage page) && page.State == ForwarderState.Ready,
            "it to be ready");
        try
        {
            var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

            Assert.Contains("has 2 shards where 4 are configured", refusal.Message);
            Assert.Contains($"The forwarder {earlier.Id} goes on by the configuration that it has", refusal.Message);
            Assert.False(earlier.HasExited);
        }
        finally
        {
            earlier.Kill();
        }
    }

    [Fact]
    public void Surviving_state_keeps_its_seed_where_the_configuration_names_none()
    {
        using var gateway = new TestGateway();
        gateway.State.Create();
        var first = gateway.Settings.Snapshot;
        var settings = first.Settings;
        settings.Seed = 99;

        Assert.True(SnapshotKeeper.Write(gateway.State, first, keepSeed: true));
        Assert.False(SnapshotKeeper.Write(gateway.State, first with { Settings = settings }, keepSeed: true));
        Assert.Equal(7UL, SnapshotFile.Read(gateway.State.SnapshotFile).Settings.Seed);
        Assert.True(SnapshotKeeper.Write(gateway.State, first with { Settings = settings }, keepSeed: false));
        Assert.Equal(99UL, SnapshotFile.Read(gateway.State.SnapshotFile).Settings.Seed);
        Assert.Equal(2u, SnapshotFile.Read(gateway.State.SnapshotFile).Generation);
    }

    [Fact]
    public async Task An_address_that_is_taken_ends_the_start_and_leaves_no_forwarder()
    {
        using var gateway = new TestGateway();
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, gateway.MetricsPort);
        other.Start();

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.StartsWith($"metrics.listen 127.0.0.1:{gateway.MetricsPort} can't be listened on", refusal.Message);
        Assert.Contains("another program has that port", refusal.Message);
        Assert.DoesNotContain("Exception", gateway.Errors);
        Assert.Equal(0, StatusFile.RunningIn(gateway.State));
    }

    [Theory]
    [InlineData("192.0.2.77:9464", "this box has no address 192.0.2.77")]
    [InlineData("nowhere.invalid:9464", "the name nowhere.invalid leads to no address")]
    public async Task An_address_that_can_not_be_had_is_told_in_a_line_before_anything_forwards(
        string listen, string why)
    {
        using var gateway = new TestGateway(metrics: listen);

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.StartsWith($"metrics.listen {listen} can't be listened on: {why}", refusal.Message);
        Assert.Equal("", gateway.Errors);
        Assert.False(File.Exists(gateway.State.StatusFile));
    }

    private static string Scrape(HttpClient http, TestGateway gateway)
    {
        try
        {
            return http.GetStringAsync($"http://127.0.0.1:{gateway.MetricsPort}/metrics").GetAwaiter().GetResult();
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private sealed class Failing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("what nobody thought of");
        }
    }
}
