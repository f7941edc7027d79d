using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Ports.Capture;

using CsCheck;

using Xunit;

namespace Cgn.Ports.Tests.Capture;

public sealed class CaptureTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_is_read_back(bool nanoseconds)
    {
        Gen.Select(Gen.Long[0, uint.MaxValue * 1_000_000_000L], Gen.Byte.Array[0, 3000]).Array[0, 20].Sample(packets =>
        {
            string path = Path.GetTempFileName();
            try
            {
                Write(path, nanoseconds, packets);
                (long, byte[])[] back = Read(path, out bool fine);
                Assert.Equal(nanoseconds, fine);
                Assert.Equal(packets.Length, back.Length);
                foreach (((long time, byte[] bytes), (long timeBack, byte[] bytesBack)) in packets.Zip(back))
                {
                    Assert.Equal(nanoseconds ? time : time / 1000 * 1000, timeBack);
                    Assert.Equal(bytes, bytesBack);
                }
            }
            finally
            {
                File.Delete(path);
            }
        }, iter: 30);
    }

    [Fact]
    public void The_same_packets_give_the_same_file_byte_by_byte()
    {
        string path = Path.GetTempFileName();
        Write(path, nanoseconds: false, [(1_600_000_000_123_456_789L, [1, 2, 3])]);
        byte[] expected =
        [
            0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
            0x00, 0x10, 0x5E, 0x5F, 0x40, 0xE2, 0x01, 0x00, 3, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3,
        ];
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(File.ReadAllBytes(path)));
        File.Delete(path);
    }

    [Fact]
    public void Interfaces_of_different_resolution_in_one_file_give_true_times()
    {
        string path = CaptureFiles.Temporary(
            CaptureFiles.Ng((0, 1_600_000_000_000_001, [1]), (1, 1_600_000_000_000_000_002, [2])));
        (long, byte[])[] packets = Read(path, out bool fine);
        Assert.True(fine);
        Assert.Equal(1_600_000_000_000_001_000, packets[0].Item1);
        Assert.Equal(1_600_000_000_000_000_002, packets[1].Item1);
        File.Delete(path);
    }

    [Fact]
    public void A_truncated_file_names_file_and_record_after_giving_what_is_sound()
    {
        string path = Path.GetTempFileName();
        Write(path, nanoseconds: false, [(0, new byte[100]), (1, new byte[100]), (2, new byte[100])]);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^10]);
        using CaptureReader reader = new(path);
        Assert.True(reader.TryRead(out _));
        Assert.True(reader.TryRead(out _));
        CaptureException error = Assert.Throws<CaptureException>(() => reader.TryRead(out _));
        Assert.Contains($"{path}: record 3: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public void A_file_that_is_no_capture_says_what_one_begins_with()
    {
        string text = CaptureFiles.Temporary("interfaces:\n"u8);
        Assert.Contains("begins with 696E7465", Refusal(text), StringComparison.Ordinal);
        string empty = CaptureFiles.Temporary([]);
        Assert.Contains("empty", Refusal(empty), StringComparison.Ordinal);
        Assert.Contains("no such file", Refusal("/nonexistent/a.pcap"), StringComparison.Ordinal);
        string header = CaptureFiles.Temporary([0xD4, 0xC3, 0xB2, 0xA1, 2, 0]);
        Assert.Contains(header, Refusal(header), StringComparison.Ordinal);
        File.Delete(text);
        File.Delete(empty);
        File.Delete(header);
    }

    [Fact]
    public void A_file_that_cannot_be_made_says_so()
    {
        CaptureException error = Assert.Throws<CaptureException>(() => new CaptureWriter("/nonexistent/b.pcap"));
        Assert.Contains("/nonexistent/b.pcap", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_full_disk_is_noticed()
    {
        Skip.IfNot(File.Exists("/dev/full"), "no /dev/full");
        string link = Path.Combine(Path.GetTempPath(), "cgn-full-" + Environment.ProcessId);
        File.CreateSymbolicLink(link, "/dev/full");
        try
        {
            using CaptureWriter writer = new(link);
            writer.Write(0, new byte[100]);
            Assert.Throws<CaptureException>(writer.Complete);
        }
        finally
        {
            File.Delete(link);
        }
    }

    [SkippableFact]
    public void Every_real_capture_is_read_to_its_end_and_copied_without_loss()
    {
        string? folder = CaptureFiles.Folder();
        Skip.If(folder is null, "no folder shared/captures beside the checkout, and CGN_CAPTURES is not set");
        string copy = Path.GetTempFileName();
        int read = 0;
        foreach (string path in Directory.EnumerateFiles(folder)
            .Where(name => !name.EndsWith(".md", StringComparison.Ordinal)))
        {
            (long Time, byte[] Bytes)[] packets = Read(path, out bool fine);
            Assert.NotEmpty(packets);
            Write(copy, nanoseconds: true, packets);
            (long Time, byte[] Bytes)[] back = Read(copy, out _);
            Assert.Equal(packets.Select(p => p.Time), back.Select(p => p.Time));
            Assert.All(packets.Zip(back), pair => Assert.Equal(pair.First.Bytes, pair.Second.Bytes));
            if (!fine)
                Assert.All(packets, packet => Assert.Equal(0, packet.Time % 1000));
            read++;
        }

        Assert.True(read > 0);
        File.Delete(copy);
    }

    private static string Refusal(string path) =>
        Assert.Throws<CaptureException>(() => new CaptureReader(path)).Message;

    private static void Write(string path, bool nanoseconds, (long Time, byte[] Bytes)[] packets)
    {
        using CaptureWriter writer = new(path, CaptureLinkType.Ethernet, nanoseconds);
        foreach ((long time, byte[] bytes) in packets)
            writer.Write(time, bytes);
        writer.Complete();
    }

    private static (long Time, byte[] Bytes)[] Read(string path, out bool fine)
    {
        using CaptureReader reader = new(path);
        List<(long, byte[])> packets = [];
        while (reader.TryRead(out CaptureRecord record))
            packets.Add((record.TimestampNs, record.Bytes.ToArray()));
        Assert.Equal(packets.Count, reader.RecordNumber);
        fine = reader.IsNanosecond;
        return [.. packets];
    }
}
