using System;
using System.IO;
using System.Linq;

using Cgn.Cli.Replay;
using Cgn.Cli.Tests.Captures;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Replay;

/// <summary>Packets larger than their way out takes: cut where they may be, refused and answered where they may
/// not.</summary>
public sealed class SizeTests : IDisposable
{
    private const string Config = """
        gateway:
          name: test
          workers: 1
          seed: 7
          capacity: { subscribers: 1000, mappings: 10000, sessions: 10000 }
        interfaces:
          inside:  { device: in0, mtu: 1500 }
          outside: { device: out0, mtu: 1400 }
        ds-lite:
          aftr-ipv6-address: [2001:db8:ffff::1]
          subscriber-match: [2001:db8:100::/40]
          tunnel-mtu: 1500
        nat444:
          subscriber-match: [100.64.0.0/10]
        external-ip-address-pools:
          - id: p
            external-ip-pool: [203.0.113.0/28]
        plans:
          - { id: any }
        subscribers:
          default-plan: any
        """;

    private readonly string _config = Path.GetTempFileName();

    public SizeTests() => File.WriteAllText(_config, Config);

    public void Dispose() => File.Delete(_config);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Too_large_packets_are_cut_and_are_whole_again_behind(int access)
    {
        using TestCapture capture = new();
        for (ushort port = 5000; port < 5008; port++)
            capture.Udp(true, port, 1400 + (port & 7)).Udp(false, port, 3000);
        ReplayReport report = Replay(capture, (AccessKind)access, out string errors);
        Assert.Equal("", errors);
        Assert.Equal(capture.Count * 3, report.Forwarded + report.Returned);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_may_not_be_cut_is_refused_and_answered(int access)
    {
        using TestCapture capture = new();
        capture.Udp(true, 5000, 20).Udp(true, 5000, 1400);
        Forbid(capture.LastFrame);
        capture.Udp(false, 5000, 1600);
        Forbid(capture.LastFrame);
        ReplayReport report = Replay(capture, (AccessKind)access, out string errors);
        Assert.Equal("", errors);
        Assert.Equal(6, report.Drops["too_big"]);
        Assert.Equal(6, report.Answers);
    }

    private ReplayReport Replay(TestCapture capture, AccessKind access, out string errors)
    {
        StringWriter written = new();
        ReplayOptions options = new([capture.Save()], access, _config, Subscribers: 3, Workers: 2);
        ReplayReport report = ReplayTests.Run(options, written);
        errors = string.Concat(written.ToString().Split('\n').Where(static line => !line.Contains("warning",
            StringComparison.Ordinal)));
        Assert.Equal(0, report.Mismatches);
        return report;
    }

    private static void Forbid(byte[] frame)
    {
        frame[14 + 6] |= 0x40;
        Ipv4View.TryOpen(frame.AsSpan(14), out Ipv4View view, out _);
        view.FillHeaderChecksum();
    }
}
