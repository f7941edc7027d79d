using System;
using System.IO;
using System.Linq;
using System.Text;

using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Control.Hosting.Events;

using Microsoft.Win32.SafeHandles;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>A control plane that is killed while it appends to the block log, and the one after it.</summary>
public sealed class LogCursorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cgn-cursor-").FullName;

    private string LogPath => Path.Combine(_folder, "blocks.jsonl");

    private string CursorPath => Path.Combine(_folder, "log-cursor.arena");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Of a batch of three lines so much had been written: none, parts of the first and of the last, all.
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    public void However_much_of_a_batch_was_written_each_event_is_there_once(double share)
    {
        WriteFirst();
        AppendKilled(share);
        using (BlockLog again = Open())
        {
            // The rings still hold what was peeked, and more has come.
            Assert.True(again.TryWrite(Events(1, 6), out _));
        }

        Assert.Equal(Enumerable.Range(1, 6), Sequences(LogPath));
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(1.0, false)]
    [InlineData(1.0, true)]
    public void A_log_that_was_rotated_before_the_next_start_is_found_again(double share, bool byCopy)
    {
        WriteFirst();
        AppendKilled(share);
        string rotated = LogPath + ".1";
        if (byCopy)
        {
            File.Copy(LogPath, rotated);
            using FileStream cut = new(LogPath, FileMode.Truncate);
        }
        else
        {
            File.Move(LogPath, rotated);
        }

        using (BlockLog again = Open())
            Assert.True(again.TryWrite(Events(1, 6), out _));
        Assert.Equal(Enumerable.Range(1, 6), Sequences(rotated).Concat(Sequences(LogPath)));
    }

    [Fact]
    public void Half_a_line_of_an_epoch_is_cut_off_before_anything_else_is_written()
    {
        WriteFirst();
        byte[] line = Encoding.UTF8.GetBytes("{\"event\":\"epoch\"}\n");
        using (LogCursor cursor = new(CursorPath))
        using (SafeFileHandle file = OpenFile())
        {
            cursor.Begin(file, RandomAccess.GetLength(file), line, shard: -1, lastSequence: 0);
            RandomAccess.Write(file, line.AsSpan(0, 5), RandomAccess.GetLength(file));
        }

        using (BlockLog again = Open())
            again.Announce("{\"event\":\"epoch\"}");
        Assert.Equal("{\"event\":\"epoch\"}", File.ReadAllLines(LogPath)[^1]);
        Assert.Equal(Enumerable.Range(1, 2), Sequences(LogPath));
    }

    [Fact]
    public void Shards_are_told_apart()
    {
        using (BlockLog log = Open())
        {
            log.TryWrite(Events(1, 4), out _);
            Assert.True(log.TryWrite(Events(1, 2, shard: 1), out int recorded));
            Assert.Equal(2, recorded);
        }

        using BlockLog again = Open();
        Assert.True(again.TryWrite(Events(1, 4), out int once));
        Assert.True(again.TryWrite(Events(2, 3, shard: 1), out int rest));
        Assert.Equal((0, 1), (once, rest));
    }

    private void WriteFirst()
    {
        using BlockLog log = Open();
        Assert.True(log.TryWrite(Events(1, 2), out _));
    }

    // What a control plane does with events 3 to 5, as far as it came.
    private void AppendKilled(double share)
    {
        string scratch = Path.Combine(_folder, "scratch");
        using (BlockLog whole = new(scratch, "gw", 56))
            whole.TryWrite(Events(3, 5), out _);
        byte[] bytes = File.ReadAllBytes(scratch);
        using LogCursor cursor = new(CursorPath);
        using SafeFileHandle file = OpenFile();
        long end = RandomAccess.GetLength(file);
        cursor.Begin(file, end, bytes, shard: 0, lastSequence: 5);
        RandomAccess.Write(file, bytes.AsSpan(0, (int)(bytes.Length * share)), end);
    }

    private BlockLog Open() => new(LogPath, "gw", 56, CursorPath);

    private SafeFileHandle OpenFile() =>
        File.OpenHandle(LogPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private static int[] Sequences(string path) =>
    [
        .. File.ReadAllLines(path).Where(static line => line.Contains("sequence", StringComparison.Ordinal)).Select(
            static line => int.Parse(line[(line.LastIndexOf(':') + 1)..^1], null)),
    ];

    private static ForwarderEvent[] Events(ulong first, ulong last, byte shard = 0)
    {
        ForwarderEvent[] events = new ForwarderEvent[last - first + 1];
        for (int i = 0; i < events.Length; i++)
        {
            events[i] = new ForwarderEvent
            {
                UnixMs = 1_700_000_000_123,
                Sequence = first + (ulong)i,
                Kind = EventKind.BlockAllocated,
                Shard = shard,
                SubscriberKind = SubscriberKind.Nat444,
                SubscriberLow = 0x64400005,
                ExternalAddress = 0xCB007105,
                ExternalPort = 1024,
                LastPort = 1535,
            };
        }

        return events;
    }
}
