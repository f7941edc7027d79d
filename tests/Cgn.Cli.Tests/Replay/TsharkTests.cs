using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

using Cgn.Cli.Replay;
using Cgn.Cli.Tests.Captures;

using Xunit;

namespace Cgn.Cli.Tests.Replay;

/// <summary>An independent decoder reads what leaves, with every checksum verified.</summary>
public sealed class TsharkTests
{
    private const string Wrong =
        "ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0";

    private const string Broken = Wrong + " || ip.version != 4 && ip.version || ipv6.plen == 0";

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Every_packet_that_leaves_decodes_with_all_checksums_right(int access)
    {
        using TestCapture capture = TestCapture.OfEverything();
        Check([capture.Save()], (AccessKind)access, capture.Count);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Every_packet_of_real_traffic_that_leaves_has_its_checksums_right(int access)
    {
        List<string> sound = [];
        foreach (string file in SharedCaptures.All())
        {
            if (Count(file, Wrong) == 0)
                sound.Add(file);
        }

        Assert.True(sound.Count > 20);
        Check(sound, (AccessKind)access, 8000);
    }

    private static void Check(IReadOnlyList<string> files, AccessKind access, int least)
    {
        using TestCapture inside = new();
        using TestCapture outside = new();
        ReplayOptions options = new(
            files, access, Subscribers: 2, Workers: 2, WriteInside: inside.Path, WriteOutside: outside.Path);
        Assert.Equal(0, ReplayTests.Run(options, new StringWriter()).Mismatches);
        Assert.Equal(0, Count(inside.Path, Broken));
        Assert.Equal(0, Count(outside.Path, Broken));
        Assert.True(Count(inside.Path, "ip") + Count(outside.Path, "ip") >= least);
    }

    private static int Count(string file, string filter)
    {
        ProcessStartInfo start = new("tshark")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in new[]
            {
                "-r", file, "-Y", filter, "-T", "fields", "-e", "frame.number", "-o", "ip.check_checksum:TRUE",
                "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "ip.defragment:TRUE",
            })
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new SkipException("tshark is not installed");
        }
    }
}
