using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Live;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;

using Xunit;

namespace Cgn.Forwarder.Tests;

/// <summary>Tables are not begun where the file system could not give all of their pages.</summary>
public sealed class StateRoomTests : IDisposable
{
    private readonly StateDirectory _directory = new(Directory.CreateTempSubdirectory("cgn-room-").FullName);

    public void Dispose() => Directory.Delete(_directory.Path, recursive: true);

    [Fact]
    public void What_is_counted_is_every_file_that_a_start_makes_with_its_size()
    {
        ConfigSnapshot config = Config(5000);
        ulong page = (ulong)Environment.SystemPageSize;
        SortedDictionary<string, ulong> counted = new(ShardFactory.Sections(config).ToDictionary(
            static section => section.Name, section => ((ulong)section.Bytes + page - 1) / page * page));

        Take(config, populate: false);

        SortedDictionary<string, ulong> made = new(new DirectoryInfo(_directory.Path).EnumerateFiles("*.arena")
            .ToDictionary(static file => Path.GetFileNameWithoutExtension(file.Name), file => (ulong)file.Length));
        Assert.Equal(made, counted);
    }

    [Fact]
    public void Tables_that_do_not_fit_are_refused_with_what_they_need_and_what_is_there()
    {
        ConfigSnapshot config = Config(5000);
        ulong needed = FileRoom.Missing(_directory.Path, [.. ShardFactory.Sections(config)])
            + (2 * (ulong)Environment.SystemPageSize);

        StateRoom.Check(_directory, config, needed);
        IOException refusal = Assert.Throws<IOException>(() => StateRoom.Check(_directory, config, needed - 1));

        Assert.StartsWith($"gateway.capacity needs {needed} bytes (", refusal.Message);
        Assert.Contains(_directory.Path, refusal.Message);
        Assert.Contains($"has {needed - 1} bytes (", refusal.Message);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public void Pages_that_tables_have_already_are_never_asked_for_again()
    {
        ConfigSnapshot config = Config(5000);
        Take(config, populate: true);

        // The status page and the control plane's cursor, which are not made here.
        StateRoom.Check(_directory, config, 2 * (ulong)Environment.SystemPageSize);
        Assert.Throws<IOException>(() => StateRoom.Check(_directory, Config(50_000), 1 << 20));
    }

    [Fact]
    public void A_file_system_says_what_it_has_free() =>
        Assert.InRange(FileRoom.Free(_directory.Path), 1ul, ulong.MaxValue);

    private static ConfigSnapshot Config(uint records) => new()
    {
        Settings = new GatewaySettings
        {
            ShardCount = 2,
            DefaultPlan = 0,
            SubscriberCapacity = records,
            MappingCapacity = records,
            SessionCapacity = records,
        },
        Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)],
        Plans = [new PlanSettings("home", 0, 0, 4, 0, 0)],
    };

    // As a start takes them, but for the status page.
    private void Take(ConfigSnapshot config, bool populate)
    {
        using Arena arena = Arena.InDirectory(_directory.Path);
        ShardFactory factory = new(arena, config);
        for (int shard = 0; shard < config.Settings.ShardCount; shard++)
        {
            factory.Attach(shard, new WorkerTime(1_000_000, 0));
            factory.Desk(shard);
        }

        if (populate)
            Assert.True(arena.TryPopulate());
    }
}
