using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Trace;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>SIGHUP: the configuration is read again and applied whole, or not at all.</summary>
[Collection(nameof(ReloadTests))]
public sealed class ReloadTests : IDisposable
{
    private TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    [Requirement("RFC7422-S3-1")]
    [Requirement("RFC6888-REQ-4a")]
    public async Task Changed_file_is_taken_by_the_running_forwarder_and_recorded()
    {
        Task running = await StartAsync();
        int forwarder = Forwarder();
        Edit("203.0.113.0/28", "203.0.113.0/29");
        HangUp();
        await UntilSaidAsync("is in force, generation 2");

        Assert.Equal(forwarder, Forwarder());
        Assert.Equal(new Ipv4PrefixSetting(0xCB007100, 29), Snapshot().Pools[0].Prefixes[0]);
        Epoch[] epochs = [.. EpochFile.Of(_gateway.BlockLog, _gateway.State).Read()];
        Assert.Equal(["203.0.113.0/28", "203.0.113.0/29"], epochs.Select(epoch => epoch.Pools[0].Outside[0]));
        Assert.Equal(2, _gateway.EpochLines().Length);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_text_that_says_the_same_in_other_words_has_a_generation_of_its_own()
    {
        Task running = await StartAsync();
        File.AppendAllText(_gateway.ConfigFile, "# nothing else\n");
        HangUp();
        await UntilSaidAsync("is in force, generation 2");
        HangUp();
        await UntilSaidAsync("is in force, generation 2", times: 2);

        Assert.Equal([1u, 2u], _gateway.Settings.History.Entries().Select(static entry => entry.Generation));
        await EndAsync(running);
    }

    [Fact]
    [Requirement("RFC6333-S8.1-2")]
    public async Task Mistake_in_the_file_leaves_the_configuration_in_force()
    {
        Task running = await StartAsync();
        Edit("[203.0.113.0/28]", "[203.0.113.0/28, 203.0.113.8/29]");
        HangUp();
        await UntilSaidAsync("the configuration in force stays");

        Assert.Contains("overlaps 203.0.113.0/28", _gateway.Errors);
        Assert.Equal(1u, Snapshot().Generation);
        await EndAsync(running);
    }

    [Theory]
    [InlineData("workers: 1", "workers: 2", "gateway.workers can't change while the gateway runs (1 to 2)")]
    [InlineData("seed: 7", "seed: 8", "gateway.seed can't change while the gateway runs")]
    [InlineData("device: in0", "device: in1", "interfaces.inside can't change")]
    [InlineData("name: test", "name: other", "gateway.name can't change")]
    [InlineData("ds-lite:\n", "ds-lite:\n  reassembly-limit: 4000\n", "ds-lite.reassembly-limit can't change")]
    [InlineData("subscribers:", "nat-policy: { timers: { fragment-timeout: 3s } }\nsubscribers:",
        "nat-policy.timers.fragment-timeout can't change")]
    [InlineData("subscribers:", "dhcpv6: { aftr-name: aftr.example.com }\nsubscribers:",
        "dhcpv6 can't change while the gateway runs (none to some)")]
    public async Task What_takes_a_restart_is_named(string from, string to, string message)
    {
        Task running = await StartAsync();
        Edit(from, to);
        HangUp();
        await UntilSaidAsync("the configuration in force stays");

        Assert.Contains(message, _gateway.Errors);
        Assert.Equal(1u, Snapshot().Generation);
        await EndAsync(running);
    }

    [Fact]
    public async Task Pool_that_was_added_has_its_series_at_the_next_scrape_and_one_that_is_gone_has_none()
    {
        Task running = await StartAsync();
        Edit("  - { id: one, external-ip-pool: [203.0.113.0/28] }\n",
            "  - { id: two, external-ip-pool: [203.0.113.16/28] }\n");
        Assert.Contains("cgn_pool_port_blocks_used{pool=\"one\"}", await ScrapeAsync());
        HangUp();
        await UntilSaidAsync("is in force, generation 2");

        string metrics = await ScrapeAsync();
        Assert.Contains("cgn_pool_port_blocks_used{pool=\"two\"}", metrics);
        Assert.Contains("cgn_pool_utilisation_ratio{pool=\"two\"}", metrics);
        Assert.DoesNotContain("{pool=\"one\"}", metrics);
        await EndAsync(running);
    }

    [Fact]
    public async Task Same_file_again_is_no_other_configuration()
    {
        Task running = await StartAsync();
        HangUp();
        await UntilSaidAsync("is in force, generation 1");

        Assert.Equal(1u, Snapshot().Generation);
        Assert.Single(_gateway.EpochLines());
        await EndAsync(running);
    }

    [Fact]
    public async Task Every_error_of_a_bad_file_is_told_and_the_next_good_one_is_taken()
    {
        Task running = await StartAsync();
        string good = File.ReadAllText(_gateway.ConfigFile);
        Edit("workers: 1", "workers: none");
        Edit("id: home", "id: home, max-port-sets: -3");
        HangUp();
        await UntilSaidAsync("the configuration in force stays");
        Assert.Contains("gateway.workers", _gateway.Errors);
        Assert.Contains("plans[0].max-port-sets", _gateway.Errors);

        File.WriteAllText(_gateway.ConfigFile, good.Replace("203.0.113.0/28", "203.0.113.0/27"));
        HangUp();
        await UntilSaidAsync("is in force, generation 2");
        await EndAsync(running);
    }

    [Fact]
    public async Task Forwarder_that_refuses_keeps_the_old_configuration_on_disk_too()
    {
        _gateway.Dispose();
        _gateway = new TestGateway("stubborn");
        Task running = await StartAsync();
        Edit("203.0.113.0/28", "203.0.113.0/29");
        HangUp();
        await UntilSaidAsync("the configuration in force stays");

        Assert.Equal(new Ipv4PrefixSetting(0xCB007100, 28), Snapshot().Pools[0].Prefixes[0]);
        Assert.Equal(1u, Snapshot().Generation);
        Epoch last = EpochFile.Of(_gateway.BlockLog, _gateway.State).Read()[^1];
        Assert.Equal("203.0.113.0/28", last.Pools[0].Outside[0]);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_rotated_log_is_opened_anew_without_a_look_at_the_configuration()
    {
        Task running = await StartAsync();
        await TestGateway.UntilAsync(() => _gateway.LogLines().Length == 1, "the first line");
        File.Move(_gateway.BlockLog, _gateway.BlockLog + ".1");
        Edit("203.0.113.0/28", "203.0.113.0/29");
        Signal("USR1");
        await TestGateway.UntilAsync(() => File.Exists(_gateway.BlockLog), "the new file");
        await EndAsync(running);

        Assert.Contains("\"event\":\"released\"", Assert.Single(_gateway.LogLines()));
        Assert.Equal(new Ipv4PrefixSetting(0xCB007100, 28), Snapshot().Pools[0].Prefixes[0]);
    }

    private async Task<Task> StartAsync()
    {
        Task running = _gateway.RunAsync();
        await UntilSaidAsync("ready:");
        return running;
    }

    private async Task EndAsync(Task running)
    {
        _gateway.End();
        await running;
    }

    private void Edit(string from, string to)
    {
        string yaml = File.ReadAllText(_gateway.ConfigFile);
        Assert.Contains(from, yaml);
        File.WriteAllText(_gateway.ConfigFile, yaml.Replace(from, to));
    }

    private Task UntilSaidAsync(string text, int times = 1) =>
        TestGateway.UntilAsync(() => _gateway.Errors.Split(text).Length > times, text);

    private ConfigSnapshot Snapshot() => SnapshotFile.Read(_gateway.State.SnapshotFile);

    private int Forwarder() => StatusFile.RunningIn(_gateway.State);

    private async Task<string> ScrapeAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri($"http://127.0.0.1:{_gateway.MetricsPort}/metrics"));
    }

    private static void HangUp() => Signal("HUP");

    private static void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Environment.ProcessId.ToString()]);
        kill.WaitForExit();
    }
}
