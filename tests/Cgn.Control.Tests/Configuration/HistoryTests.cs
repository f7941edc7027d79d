using System;
using System.Globalization;
using System.IO;
using System.Linq;

using Cgn.Control.Configuration.History;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>The configurations that were in force.</summary>
public sealed class HistoryTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");

    [Fact]
    public void Texts_are_kept_as_written_with_who_and_when()
    {
        ConfigHistory history = new(_folder, 10);
        HistoryEntry first = Add(history, "one: 1 # as written\n", "start");
        HistoryEntry second = Add(history, "two", "SIGHUP");

        Assert.Equal([first, second], history.Entries());
        Assert.Equal((1, "start", "box", 7u), (first.Number, first.Origin, first.Gateway, first.Generation));
        Assert.Equal("2026-11-02T08:15:00.000Z", first.Time);
        Assert.Equal("one: 1 # as written\n", history.TextOf(first));
        Assert.Equal(64, first.Sha256.Length);
        if (!OperatingSystem.IsWindows())
        {
            UnixFileMode mode = File.GetUnixFileMode(Directory.GetFiles(_folder)[0]);
            Assert.Equal(UnixFileMode.None, mode & UnixFileMode.OtherRead);
        }
    }

    [Fact]
    public void The_one_in_force_is_not_kept_twice_but_one_that_comes_back_is()
    {
        ConfigHistory history = new(_folder, 10);
        foreach (string text in (string[])["a", "a", "b", "a"])
            Add(history, text, "start");

        Assert.Equal([1, 2, 3], history.Entries().Select(static entry => entry.Number));
    }

    [Fact]
    public void A_generation_stands_for_one_text()
    {
        ConfigHistory history = new(_folder, 10);
        Assert.Equal(0u, history.LastOfOthers("a"));
        history.Add("a", "start", "box", 1, DateTimeOffset.UtcNow);
        Assert.Equal(0u, history.LastOfOthers("a"));
        Assert.Equal(1u, history.LastOfOthers("b"));
        history.Add("b", "SIGHUP", "box", 2, DateTimeOffset.UtcNow);
        history.Add("c", "set aside", "box", 0, DateTimeOffset.UtcNow);
        Assert.Equal(2u, history.LastOfOthers("a"));
        Assert.Equal(1u, history.LastOfOthers("b"));
        Assert.Equal(0u, history.LastOfOthers(null));
    }

    [Fact]
    public void The_one_in_force_is_the_last_that_was_with_its_text()
    {
        ConfigHistory history = new(_folder, 10);
        history.Add("a", "start", "box", 1, DateTimeOffset.UtcNow);
        history.Add("b", "SIGHUP", "box", 2, DateTimeOffset.UtcNow);
        history.Add("a", "rollback to 1", "box", 3, DateTimeOffset.UtcNow);
        history.Add("b", "set aside", "box", 0, DateTimeOffset.UtcNow);

        Assert.Equal(3, ConfigHistory.InForce(history.Entries(), "a")?.Number);
        Assert.Equal(2, ConfigHistory.InForce(history.Entries(), "b")?.Number);
        Assert.Null(ConfigHistory.InForce(history.Entries(), null));
    }

    [Fact]
    public void The_oldest_go_and_numbers_go_on()
    {
        ConfigHistory history = new(_folder, 3);
        for (int i = 1; i <= 12; i++)
            Add(history, i.ToString(CultureInfo.InvariantCulture), "SIGHUP");

        Assert.Equal([10, 11, 12], history.Entries().Select(static entry => entry.Number));
        Assert.Equal(6, Directory.GetFiles(_folder).Length);
        Assert.Equal("12", new ConfigHistory(_folder, 3).TextOf(history.Entries()[^1]));
    }

    [Fact]
    public void What_a_killed_process_left_half_is_no_entry_and_a_changed_text_is_not_believed()
    {
        ConfigHistory history = new(_folder, 10);
        HistoryEntry whole = Add(history, "whole", "start");
        File.WriteAllText(Path.Combine(_folder, "00000002.yaml"), "half");
        File.WriteAllText(Path.Combine(_folder, "00000003.json"), "{ \"number\": 3");
        HistoryEntry next = Add(history, "next", "SIGHUP");

        Assert.Equal([whole, next], history.Entries());
        Assert.Equal(3, next.Number);
        File.WriteAllText(Path.Combine(_folder, "00000001.yaml"), "hole");
        Assert.Null(history.TextOf(whole));
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private static HistoryEntry Add(ConfigHistory history, string text, string origin) =>
        history.Add(text, origin, "box", 7, new DateTimeOffset(2026, 11, 2, 8, 15, 0, TimeSpan.Zero));
}
