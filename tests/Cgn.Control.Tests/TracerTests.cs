using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Trace;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests;

/// <summary>Who held a public address and port.</summary>
public sealed class TracerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cgn-trace-").FullName;

    private string Log => Path.Combine(_folder, "blocks.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Requirement("RFC6302-S2-1")]
    [Requirement("RFC6302-S3-1")]
    [Requirement("RFC6269-S12-1")]
    public void Block_log_answers_across_a_rotation_and_names_nobody_in_between()
    {
        File.WriteAllLines(Log + ".1", [Line("allocated", "08:00:00", "2001:db8:1::/56")]);
        File.WriteAllLines(
            Log, [Line("released", "09:00:00", "2001:db8:1::/56"), Line("allocated", "10:00:00", "2001:db8:2::/56")]);

        Holder first = Assert.Single(Ask("08:30:00"));
        Assert.Equal("2001:db8:1::/56", first.Subscriber);
        Assert.Equal(("2026-11-02T08:00:00.000Z", "2026-11-02T09:00:00.000Z"), (first.From, first.To));
        Assert.Empty(Ask("09:30:00"));
        Assert.Equal("2001:db8:2::/56", Assert.Single(Ask("10:30:00")).Subscriber);
        Assert.Equal(2, Ask("09:30:00", skew: 3600).Count);
    }

    [Fact]
    public void Holding_goes_on_over_epochs_that_change_nothing_of_it()
    {
        EpochFile file = EpochFile.Of(Log, new StateDirectory(_folder));
        file.Append(Epoch.Of(Golden(0xC0000201), Time("08:00:00")));
        file.Append(Epoch.Of(Golden(0xC0000201), Time("09:00:00")));
        file.Append(Epoch.Of(Golden(0xC0000202), Time("10:00:00")));
        file.Append(Epoch.Of(Golden(0xC0000201), Time("11:00:00")));

        Holder first = Assert.Single(Ask("09:30:00", "192.0.2.1", 2001));
        Assert.Equal(("2026-11-02T08:00:00.000Z", "2026-11-02T10:00:00.000Z"), (first.From, first.To));
        Assert.Single(Ask("09:00:00", "192.0.2.1", 2001, skew: 60));
        Assert.Empty(Ask("10:30:00", "192.0.2.1", 2001));
        Holder last = Assert.Single(Ask("11:30:00", "192.0.2.1", 2001));
        Assert.Equal(("2026-11-02T11:00:00.000Z", null), (last.From, last.To));
    }

    [Fact]
    [Requirement("RFC7422-S2-F")]
    [Requirement("RFC7422-S3-2")]
    public void Computation_answers_by_the_epoch_that_was_in_force()
    {
        EpochFile file = EpochFile.Of(Log, new StateDirectory(_folder));
        file.Append(Epoch.Of(Golden(0xC0000201), Time("08:00:00")));
        file.Append(Epoch.Of(Golden(0xC0000202), Time("09:00:00")));

        Assert.Equal("198.51.100.1", Assert.Single(Ask("08:30:00", "192.0.2.1", 2001)).Subscriber);
        Assert.Empty(Ask("09:30:00", "192.0.2.1", 2001));
        Assert.Equal("198.51.100.1", Assert.Single(Ask("09:30:00", "192.0.2.2", 2001)).Subscriber);
        Assert.True(SubscriberMatch.TryParse("198.51.100.1", out SubscriberMatch who, out _));
        Holder set = Assert.Single(new Tracer(Log, new StateDirectory(_folder)).Ask(
            new TraceQuestion(null, 0, 0, who, Time("08:30:00"), TimeSpan.Zero)));
        Assert.Equal((1024, 5055, "computed"), (set.PortStart, set.PortEnd, set.Source));
        string line = File.ReadAllLines(file.Path)[0];
        Assert.All(
            new[]
            {
                "\"time\":\"2026-11-02T08:00:00.000Z\"", "198.51.100.0/28", "192.0.2.1/32", "\"dynamic_factor\":2",
                "\"max_ports\":5040", "\"algorithm\":0", "\"reserved\":\"0-1023\"",
            },
            part => Assert.Contains(part, line));
    }

    [Fact]
    public void Without_a_block_log_nobody_is_no_answer_where_blocks_were_given_out()
    {
        StateDirectory directory = new(_folder);
        ConfigSnapshot computed = Golden(0xC0000201);
        GatewaySettings settings = computed.Settings;
        settings.PortAllocation = PortAllocationType.PortSet;
        EpochFile file = EpochFile.Of(null, directory);
        file.Append(Epoch.Of(computed, Time("08:00:00")));
        file.Append(Epoch.Of(computed with { Settings = settings }, Time("09:00:00")));

        Tracer without = new(null, directory);
        Assert.False(without.IsUnrecorded(Question("08:30:00")));
        Assert.True(without.IsUnrecorded(Question("09:30:00")));
        Assert.False(new Tracer(Log, directory).IsUnrecorded(Question("09:30:00")));

        static TraceQuestion Question(string clock) =>
            new(Ipv4Address.Parse("203.0.113.5"), 1030, 0, null, Time(clock), TimeSpan.Zero);
    }

    [Fact]
    public void Static_mappings_that_come_and_go_among_many_are_written_as_changes_and_answered_as_ever()
    {
        EpochFile file = EpochFile.Of(Log, new StateDirectory(_folder));
        EpochRecorder recorder = new(file);
        StaticMapping[] many = [.. Enumerable.Range(1, 100).Select(static i => Mapping((ushort)i))];
        recorder.Append(With(many), Time("08:00:00"));
        recorder.Append(With([.. many, Mapping(1030)]), Time("09:00:00"));
        recorder.Append(With([.. many[1..], Mapping(1030)]), Time("10:00:00"));
        recorder.Append(With(many), Time("11:00:00"));
        // Taken back at once: never in force.
        recorder.Append(With([.. many, Mapping(1030)]), Time("11:30:00"));
        recorder.Append(With(many), Time("11:30:00"));
        Assert.Equal([false, true, true, true, true, true], file.Read().Select(static epoch => epoch.IsChange()));
        Assert.All(File.ReadAllLines(file.Path).Skip(1), static line => Assert.True(line.Length < 1000));

        Holder held = Assert.Single(Ask("09:30:00"));
        Assert.Equal(("2026-11-02T09:00:00.000Z", "2026-11-02T11:00:00.000Z"), (held.From, held.To));
        Assert.Empty(Ask("08:30:00"));
        Assert.Empty(Ask("11:30:00"));
        Assert.Equal("2026-11-02T10:00:00.000Z", Assert.Single(Ask("08:30:00", port: 1)).To);
        Assert.Empty(Ask("10:30:00", port: 1));
        Assert.Null(Assert.Single(Ask("11:30:00", port: 1)).To);
        Holder whole = Assert.Single(Ask("10:30:00", port: 2));
        Assert.Equal(("2026-11-02T08:00:00.000Z", null), (whole.From, whole.To));

        // All of it once more before the changes are longer than the whole, and where anything else changes.
        for (int i = 0; i < 200; i++)
            recorder.Append(With(i % 2 == 0 ? many[1..] : many), Time("12:00:00").AddSeconds(i));
        Assert.InRange(file.Read().Skip(6).Count(static epoch => !epoch.IsChange()), 2, 3);
        recorder.Append(With(many) with { Name = "other" }, Time("13:00:00"));
        Assert.False(file.Read()[^1].IsChange());
        Assert.Null(Assert.Single(Ask("13:30:00", port: 1)).To);
    }

    private static StaticMapping Mapping(ushort port) => new(
        0x2001_0DB8_0100_0100, 0, true, 6, 0xC0A8010A, port, 0xCB007105, port);

    private static ConfigSnapshot With(StaticMapping[] mappings) => new()
    {
        Settings = new GatewaySettings { PortAllocation = PortAllocationType.PortSet, SubscriberMaskV6 = 56 },
        StaticMappings = mappings,
    };

    private static DateTimeOffset Time(string clock) => DateTimeOffset.Parse($"2026-11-02T{clock}Z");

    private static string Line(string name, string clock, string subscriber) =>
        $"{{\"time\":\"2026-11-02T{clock}.000Z\",\"event\":\"{name}\",\"subscriber\":\"{subscriber}\","
        + "\"kind\":\"ds-lite\",\"external_address\":\"203.0.113.5\",\"port_start\":1024,\"port_end\":1535}";

    private static ConfigSnapshot Golden(uint address) => new()
    {
        Settings = new GatewaySettings { PortAllocation = PortAllocationType.Deterministic },
        Nat444Sources = [new Ipv4PrefixSetting(0xC6336400, 28)],
        Pools =
        [
            new PoolSettings("metro", [new Ipv4PrefixSetting(address, 32)], 1024, 65535, 1008, 1200)
            {
                DynamicFactor = 2,
                PortsMax = 5040,
            },
        ],
    };

    private IReadOnlyList<Holder> Ask(string clock, string address = "203.0.113.5", ushort port = 1030, int skew = 0) =>
        new Tracer(Log, new StateDirectory(_folder)).Ask(new TraceQuestion(
            Ipv4Address.Parse(address), port, 0, null, Time(clock), TimeSpan.FromSeconds(skew)));
}
