using System;
using System.IO;

using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Events;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

public sealed class BlockLogTests : IDisposable
{
    private static readonly ForwarderEvent s_allocated = new()
    {
        UnixMs = 1_700_000_000_123,
        Sequence = 42,
        Kind = EventKind.BlockAllocated,
        Shard = 3,
        SubscriberKind = SubscriberKind.DsLite,
        SubscriberHigh = 0x2001_0DB8_0100_0100,
        ExternalAddress = 0xCB007105,
        ExternalPort = 1024,
        LastPort = 1535,
    };

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");

    private string LogPath => Path.Combine(_folder, "blocks.jsonl");

    [Fact]
    [Requirement("RFC6888-REQ-12")]
    public void A_block_is_one_line_with_who_had_what_and_when()
    {
        using var log = new BlockLog(LogPath, "gw", 56);

        Assert.True(log.TryWrite([s_allocated], out int recorded));

        Assert.Equal(1, recorded);
        Assert.Equal(
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"event\":\"allocated\",\"subscriber\":\"2001:db8:100:100::/56\","
            + "\"kind\":\"ds-lite\",\"external_address\":\"203.0.113.5\",\"port_start\":1024,\"port_end\":1535,"
            + "\"gateway\":\"gw\",\"shard\":3,\"sequence\":42}\n",
            File.ReadAllText(LogPath));
    }

    [Fact]
    [Requirement("PBA-1")]
    public void A_block_that_is_kept_is_a_line_of_its_own()
    {
        using var log = new BlockLog(LogPath, "gw", 56);

        Assert.True(log.TryWrite([s_allocated with { Kind = EventKind.BlockHeld }], out int recorded));

        Assert.Equal(1, recorded);
        Assert.Contains("\"event\":\"held\",\"subscriber\":\"2001:db8:100:100::/56\"", File.ReadAllText(LogPath));
    }

    [Fact]
    public void A_session_names_its_three_endpoints()
    {
        ForwarderEvent opened = s_allocated with
        {
            Kind = EventKind.SessionOpened,
            SubscriberKind = SubscriberKind.Nat444,
            SubscriberHigh = 0,
            SubscriberLow = 0x64400005,
            InternalAddress = 0x64400005,
            InternalPort = 40000,
            RemoteAddress = 0x08080808,
            RemotePort = 53,
            Protocol = 17,
        };
        using var log = new BlockLog(LogPath, "gw", 56);

        log.TryWrite([opened], out _);

        Assert.Equal(
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"event\":\"session_opened\",\"subscriber\":\"100.64.0.5\","
            + "\"kind\":\"nat444\",\"protocol\":17,\"internal_address\":\"100.64.0.5\",\"internal_port\":40000,"
            + "\"external_address\":\"203.0.113.5\",\"external_port\":1024,"
            + "\"remote_address\":\"8.8.8.8\",\"remote_port\":53,"
            + "\"gateway\":\"gw\",\"shard\":3,\"sequence\":42}\n",
            File.ReadAllText(LogPath));
    }

    [Fact]
    [Requirement("RFC6333-S11-1")]
    [Requirement("RFC6908-S2.3-2")]
    public void A_session_in_a_softwire_names_the_b4_and_no_destination_that_it_was_not_told()
    {
        ForwarderEvent opened = s_allocated with
        {
            Kind = EventKind.SessionOpened,
            SubscriberHigh = 0x20010DB801000101,
            SubscriberLow = 2,
            InternalAddress = 0xC0A80102,
            InternalPort = 40000,
            Protocol = 17,
        };
        using var log = new BlockLog(LogPath, "gw", 56);

        log.TryWrite([opened], out _);

        Assert.Equal(
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"event\":\"session_opened\","
            + "\"subscriber\":\"2001:db8:100:100::/56\",\"kind\":\"ds-lite\",\"b4_address\":\"2001:db8:100:101::2\","
            + "\"protocol\":17,\"internal_address\":\"192.168.1.2\",\"internal_port\":40000,"
            + "\"external_address\":\"203.0.113.5\",\"external_port\":1024,"
            + "\"gateway\":\"gw\",\"shard\":3,\"sequence\":42}\n",
            File.ReadAllText(LogPath));
    }

    [Fact]
    public void Other_events_are_passed_over()
    {
        using var log = new BlockLog(LogPath, "gw", 56);

        Assert.True(log.TryWrite([s_allocated with { Kind = EventKind.LimitHit }], out int recorded));

        Assert.Equal(0, recorded);
        Assert.Equal(0, new FileInfo(LogPath).Length);
    }

    [Fact]
    public void A_file_that_was_moved_away_is_made_anew_when_asked()
    {
        using var log = new BlockLog(LogPath, "gw", 56);
        log.TryWrite([s_allocated], out _);
        File.Move(LogPath, LogPath + ".1");

        log.TryWrite([s_allocated], out _);
        log.Reopen();
        Assert.True(File.Exists(LogPath));
        log.TryWrite([s_allocated], out _);

        Assert.Equal(2, File.ReadAllLines(LogPath + ".1").Length);
        Assert.Single(File.ReadAllLines(LogPath));
    }

    [Fact]
    public void A_file_that_was_cut_off_goes_on_from_its_end()
    {
        using var log = new BlockLog(LogPath, "gw", 56);
        log.TryWrite([s_allocated, s_allocated], out _);
        File.WriteAllText(LogPath, "");

        log.TryWrite([s_allocated], out _);

        Assert.Single(File.ReadAllLines(LogPath));
    }

    [Fact]
    public void What_cannot_be_written_is_said_and_can_be_tried_again()
    {
        using var log = new BlockLog(LogPath, "gw", 56);
        Directory.Delete(_folder, recursive: true);
        log.Reopen();

        Assert.False(log.TryWrite([s_allocated], out _));
        Directory.CreateDirectory(_folder);
        Assert.True(log.TryWrite([s_allocated], out _));

        Assert.Single(File.ReadAllLines(LogPath));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_at_the_start()
    {
        var refusal = Assert.Throws<SystemRefusedException>(() => new BlockLog("/proc/nothing/here", "gw", 56));

        Assert.StartsWith("logging.block-log /proc/nothing/here can't be written", refusal.Message);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
