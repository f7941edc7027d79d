using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Cli.Tests.Verbs;
using Cgn.Cli.Verbs;
using Cgn.Contract.Records;
using Cgn.Control.State;

using Xunit;

namespace Cgn.Cli.Tests.Packaging;

/// <summary>The gateway as the units start it: no root, and no capability but those that they name.</summary>
public sealed class UnprivilegedTests
{
    private static readonly UnitFile s_forwarder = UnitFile.Of("cgn-forwarder.service");
    private static readonly UnitFile s_control = UnitFile.Of("cgn-control.service");

    private static readonly Dictionary<string, int> s_bits = new()
    {
        ["net_bind_service"] = 10,
        ["net_admin"] = 12,
        ["net_raw"] = 13,
        ["ipc_lock"] = 14,
        ["sys_nice"] = 23,
        ["bpf"] = 39,
    };

    [SkippableTheory]
    [InlineData("af_xdp")]
    [InlineData("pcap")]
    public async Task Both_forward_with_exactly_their_units_capabilities_and_each_outlives_the_other(string driver)
    {
        await using ServiceRig rig = await ServiceRig.CreateAsync(driver);
        ServiceProcess forwarder = rig.Start(
            "cgn-forwarder.dll", s_forwarder.Capabilities, "--wait", rig.State.Path);
        await forwarder.HearsAsync($"STATUS=waiting for a configuration in {rig.State.Path}");
        ServiceProcess control = Control(rig);
        await control.HearsAsync("READY=1");
        await forwarder.HearsAsync("READY=1");
        for (int customer = 10; customer < 26; customer++)
            await rig.PingAsync(customer);
        await forwarder.HearsAsync("WATCHDOG=1");
        await control.HearsAsync("WATCHDOG=1");

        Assert.Equal(Mask(s_forwarder), forwarder.Capabilities);
        Assert.Equal(Mask(s_control), control.Capabilities);
        Assert.Contains($"({driver}", control.Said);

        await ReloadAsForetoldAsync(rig, control);
        await RollBackAsync(rig, control);

        Assert.Equal(0, await control.EndAsync());
        Assert.Contains("STOPPING=1\nSTATUS=ending", control.Notify.Heard);
        await rig.PingAsync(11);
        ServiceProcess again = Control(rig);
        await again.HearsAsync("READY=1");
        await UntilSaidAsync(again, $"the forwarder {forwarder.Id} forwards");
        Assert.Equal(0, await forwarder.EndAsync());
        Assert.Contains("STOPPING=1\nSTATUS=ending", forwarder.Notify.Heard);
        ServiceProcess next = rig.Start("cgn-forwarder.dll", s_forwarder.Capabilities, "--wait", rig.State.Path);
        await UntilSaidAsync(again, $"the forwarder {next.Id} forwards");
        await rig.PingAsync(12);
        Assert.Equal(0, await again.EndAsync());
    }

    [SkippableFact]
    public async Task One_command_runs_both_with_the_forwarders_capabilities()
    {
        await using ServiceRig rig = await ServiceRig.CreateAsync("pcap");
        ServiceProcess run = rig.Start("cgn.dll", s_forwarder.Capabilities, "run", "--config", rig.ConfigFile);
        await run.HearsAsync("READY=1");
        await rig.PingAsync(10);
        Assert.Equal(Mask(s_forwarder), run.Capabilities);
        Assert.Equal(0, await run.EndAsync());
    }

    [SkippableTheory]
    [InlineData("af_xdp", "net_raw")]
    [InlineData("af_xdp", "bpf")]
    [InlineData("af_xdp", "net_admin")]
    [InlineData("pcap", "net_raw")]
    [InlineData("pcap", "net_admin")]
    public async Task A_capability_that_is_missing_is_named(string driver, string missing)
    {
        await using ServiceRig rig = await ServiceRig.CreateAsync(driver);
        ServiceProcess run = rig.Start(
            "cgn.dll", [.. s_forwarder.Capabilities.Where(name => name != missing)], "run", "--config", rig.ConfigFile);
        await UntilSaidAsync(run, "before it was ready");

        Assert.Contains($"this process lacks CAP_{missing.ToUpperInvariant()}", run.Said);
    }

    // What is foretold of the change is what the live gateway then does.
    private static async Task ReloadAsForetoldAsync(ServiceRig rig, ServiceProcess control)
    {
        rig.Edit("203.0.113.0/28", "203.0.113.0/29");
        CommandRun check = CommandRun.Of(CheckCommand.Create(), "--config", rig.ConfigFile, "--diff", "--json");
        Assert.Equal(0, check.ExitCode);
        using JsonDocument report = JsonDocument.Parse(check.Output);
        JsonElement diff = report.RootElement.GetProperty("diff");
        JsonElement state = diff.GetProperty("state");
        int heard = control.Notify.Heard.Length;
        control.Signal("HUP");
        await UntilSaidAsync(control, "is in force, generation 2");

        Assert.StartsWith("RELOADING=1\nMONOTONIC_USEC=", control.Notify.Heard.Skip(heard).First(
            static told => told.StartsWith("RELOADING", StringComparison.Ordinal)));
        (int sessions, int mappings, int blocks) = Count(rig);
        int cut = state.GetProperty("sessions_cut").GetInt32();
        Assert.NotEqual(0, cut);
        Assert.Equal(state.GetProperty("sessions").GetInt32() - cut, sessions);
        Assert.Equal(
            state.GetProperty("mappings").GetInt32() - state.GetProperty("mappings_cut").GetInt32(), mappings);
        Assert.Equal(
            state.GetProperty("port_blocks").GetInt32() - state.GetProperty("port_blocks_cut").GetInt32(), blocks);
        Assert.Equal("shrunk", diff.GetProperty("pools")[0].GetProperty("change").GetString());
        await rig.PingAsync(10);
    }

    // By root, whose files the gateway's user must be able to read afterwards.
    private static async Task RollBackAsync(ServiceRig rig, ServiceProcess control)
    {
        CommandRun back = CommandRun.Of(RollbackCommand.Create(), "--config", rig.ConfigFile, "--yes");
        Assert.True(back.ExitCode == 0, back.Output + back.Error + control.Said);
        Assert.Contains("1 of the history is in force, generation 3", back.Output);
        CommandRun history = CommandRun.Of(HistoryCommand.Create(), "--config", rig.ConfigFile, "--json");
        Assert.Contains("\"origin\": \"rollback to 1\"", history.Output);
        rig.Edit("max-port-sets: 4", "max-port-sets: 5");
        control.Signal("HUP");
        await UntilSaidAsync(control, "is in force, generation 4");
    }

    private static (int Sessions, int Mappings, int Blocks) Count(ServiceRig rig)
    {
        using StateView view = StateView.Open(rig.State);
        ShardView shard = view.Shards[0];
        return (
            shard.Sessions.Span.ToArray().Count(static s => s.IsLive),
            shard.Mappings.Span.ToArray().Count(static m => m.IsLive),
            shard.Blocks.Span.ToArray().Count(static b => b.IsGivenOut));
    }

    private static ServiceProcess Control(ServiceRig rig) => rig.Start(
        "cgn.dll", s_control.Capabilities, "run", "--config", rig.ConfigFile, "--forwarder", "external");

    private static ulong Mask(UnitFile unit) =>
        unit.Capabilities.Aggregate(0UL, static (mask, name) => mask | (1UL << s_bits[name]));

    private static async Task UntilSaidAsync(ServiceProcess process, string text)
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(60); !process.Said.Contains(text); await Task.Delay(20))
            Assert.True(DateTime.UtcNow < end, $"waited in vain for '{text}': {process.Said}");
    }
}
