using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Cli.Replay;
using Cgn.Cli.Tests.Captures;

using Xunit;

namespace Cgn.Cli.Tests.Replay;

/// <summary>Real traffic of all kinds, as it was captured by others.</summary>
public sealed class SharedCaptureTests
{
    // Reasons that a correct gateway has for packets of these captures.
    private static readonly HashSet<string> s_reasons =
    [
        "no_session", "no_mapping", "bad_ipv4_checksum", "bad_ipv4_header", "bad_transport_header", "bad_icmp_error",
        "truncated", "ttl_expired", "unsupported_icmp", "icmp_error_unmatched", "address_only_conflict",
        "fragment_limit", "fragment_timeout", "fragment_tiny", "fragment_overlap", "fragment_too_long",
    ];

    [SkippableTheory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(0, 6, 4)]
    public void No_capture_has_a_mismatch(int access, int subscribers, int workers)
    {
        foreach (string file in SharedCaptures.All())
        {
            StringWriter errors = new();
            ReplayOptions options = new([file], (AccessKind)access, Subscribers: subscribers, Workers: workers);
            ReplayReport report = ReplayTests.Run(options, errors);
            Assert.True(report.Mismatches == 0, errors.ToString());
            long absent = report.Drops.Values.Sum() + report.Skipped.Values.Sum();
            Assert.Equal(report.Packets, report.Forwarded + report.Returned + absent);
            Assert.All(report.Drops.Keys, reason => Assert.Contains(reason, s_reasons));
        }
    }

    [SkippableFact]
    public void All_captures_pass_through_one_gateway_one_after_another()
    {
        StringWriter errors = new();
        ReplayReport report = ReplayTests.Run(
            new ReplayOptions(SharedCaptures.All(), AccessKind.Nat444, Workers: 2), errors);
        Assert.True(report.Mismatches == 0, errors.ToString());
        Assert.True(report.Forwarded > 8000 && report.Returned > 8000);
    }
}
