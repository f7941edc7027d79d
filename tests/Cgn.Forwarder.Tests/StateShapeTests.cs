using System;
using System.IO;
using System.Runtime.InteropServices;

using Cgn.Contract;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Live;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;
using Cgn.Nat;

using Xunit;

namespace Cgn.Forwarder.Tests;

/// <summary>State that was made with other capacities, shards or layouts.</summary>
public sealed class StateShapeTests : IDisposable
{
    private const int Sessions = 200;

    private readonly StateDirectory _directory = new(Directory.CreateTempSubdirectory("cgn-shape-").FullName);

    public void Dispose() => Directory.Delete(_directory.Path, recursive: true);

    [Theory]
    [InlineData(1000u, 5000u)]
    [InlineData(5000u, 1000u)]
    public void Sessions_live_on_in_tables_that_have_grown_or_shrunk(uint before, uint after)
    {
        Fill(Config(before));
        ConfigSnapshot next = Config(after);

        Assert.Contains("their records stay", Fit(next));
        Assert.Null(Fit(next));

        using SimulatedGateway gateway = new(
            next, arena: Arena.InDirectory(_directory.Path), now: new WorkerTime(1_000_000, 0));
        uint found = 0;
        for (int shard = 0; shard < gateway.ShardCount; shard++)
            found += gateway.Shard(shard).SessionCount;
        Assert.Equal((uint)Sessions, found);
        for (int i = 0; i < Sessions; i++)
            Assert.NotEqual(0u, Find(gateway, next, i));
    }

    [Fact]
    public void Tables_too_small_for_what_lives_are_refused_and_nothing_is_changed()
    {
        Fill(Config(1000));
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Fit(Config(20)));
        Assert.Contains("gateway.capacity for sessions leaves 11 places in a shard", refusal.Message);
        Assert.Contains("--discard-state", refusal.Message);
        Assert.Null(Fit(Config(1000)));
    }

    [Fact]
    public void Another_number_of_shards_is_refused_with_both_numbers()
    {
        Fill(Config(1000));
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Fit(Config(1000, shards: 3)));
        Assert.Contains("2 shards where 3 are configured", refusal.Message);
    }

    [Fact]
    public void Another_layout_is_refused_with_both_versions()
    {
        Fill(Config(1000));
        WritePage(Config(1000), StatusPage.CurrentLayoutVersion - 1);
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Fit(Config(1000)));
        Assert.Contains(
            $"layout version {StatusPage.CurrentLayoutVersion - 1} where this build has "
            + $"{StatusPage.CurrentLayoutVersion}", refusal.Message);
    }

    private static ConfigSnapshot Config(uint sessions, int shards = 2) => new()
    {
        Settings = new GatewaySettings
        {
            ShardCount = shards,
            DefaultPlan = 0,
            SubscriberCapacity = sessions,
            MappingCapacity = sessions,
            SessionCapacity = sessions,
        },
        Nat444Sources = [new Ipv4PrefixSetting(0x64400000, 10)],
        Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)],
        Plans = [new PlanSettings("home", 0, 0, 4, 0, 0)],
    };

    private static SubscriberKey Key(int number) => new(0, 0x64400001u + (uint)(number % 20), SubscriberKind.Nat444);

    private static FlowKey Flow(int number) => new()
    {
        InternalAddress = (uint)Key(number).Low,
        InternalPort = (ushort)(1000 + number),
        RemoteAddress = 0x08080808,
        RemotePort = 5000,
        Protocol = 17,
    };

    private static NatShard ShardOf(SimulatedGateway gateway, ConfigSnapshot config, int number) => gateway.Shard(
        NatShard.ShardOf(Key(number), config.Settings.ShardCount, config.Settings.Seed));

    private static uint Find(SimulatedGateway gateway, ConfigSnapshot config, int number)
    {
        NatShard shard = ShardOf(gateway, config, number);
        return shard.FindOutbound(shard.OutboundHash(Key(number), Flow(number)), Key(number), Flow(number), 0);
    }

    private string? Fit(ConfigSnapshot config) => StateShape.Fit(
        _directory, ShardFactory.ShapeOf(config), ShardCapacity.Of(config.Settings, config.Settings.ShardCount));

    private void Fill(ConfigSnapshot config)
    {
        WritePage(config, StatusPage.CurrentLayoutVersion);
        using SimulatedGateway gateway = new(config, arena: Arena.InDirectory(_directory.Path));
        for (int i = 0; i < Sessions; i++)
        {
            NatShard shard = ShardOf(gateway, config, i);
            Assert.NotEqual(0u, shard.CreateOutbound(
                shard.OutboundHash(Key(i), Flow(i)), Key(i), 0, Key(i).Low, 0, Flow(i), default,
                new WorkerTime(1_000_000, 0), out _));
        }
    }

    private void WritePage(ConfigSnapshot config, uint layout)
    {
        StatusPage page = ShardFactory.ShapeOf(config) with
        {
            LayoutVersion = layout,
            Magic = StatusPage.ExpectedMagic,
        };
        File.WriteAllBytes(_directory.StatusFile, MemoryMarshal.AsBytes(new ReadOnlySpan<StatusPage>(ref page)));
    }
}
