using System;
using System.Diagnostics;
using System.IO;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Model.Tests.Running;
using Cgn.Model.Tests.Traffic;

using CsCheck;

using Xunit;
using Xunit.Abstractions;

namespace Cgn.Model.Tests;

/// <summary>
/// Random operations through the gateway and the model: a few thousand in each run, over a million in the long suite.
/// A failure is shrunk and written down; put it into Cases, and it is tested from then on.
/// </summary>
public sealed class RandomTests(ITestOutputHelper output)
{
    private const int OperationsPerCase = 200;

    // What a run of many operations has reached at least once.
    private static readonly string[] s_mustReach =
    [
        .. new[]
        {
            DropReason.Truncated, DropReason.UnknownEtherType, DropReason.BadIpv4Header, DropReason.BadIpv4Checksum,
            DropReason.BadTransportHeader, DropReason.NotOurs, DropReason.UnknownSoftwireSource,
            DropReason.UnknownInsideSource, DropReason.BadInnerSource, DropReason.Martian, DropReason.NotSoftwire,
            DropReason.SourceRoute, DropReason.TtlExpired, DropReason.TooBig, DropReason.EcnDrop,
            DropReason.NoMapping, DropReason.Filtered, DropReason.NoSession, DropReason.SubscribersFull,
            DropReason.MappingsFull, DropReason.SessionsFull, DropReason.NoBlock, DropReason.BlockLimit,
            DropReason.SessionLimit, DropReason.SetupRateLimit, DropReason.MappingSessionLimit,
            DropReason.UnsupportedProtocol, DropReason.AddressOnlyConflict, DropReason.HairpinOff,
            DropReason.UnsupportedIcmp, DropReason.BadIcmpError, DropReason.IcmpErrorUnmatched,
            DropReason.FragmentTimeout, DropReason.FragmentLimit, DropReason.FragmentOverlap, DropReason.FragmentTiny,
            DropReason.FragmentTooLong, DropReason.PortLimit, DropReason.MappingLimit, DropReason.Loop,
            DropReason.B4AddressChange,
        }.Select(reason => $"drop {reason}"),
        .. new[]
        {
            SessionState.Udp, SessionState.UdpTimed, SessionState.IcmpQuery, SessionState.AddressOnly,
            SessionState.TcpInitInside, SessionState.TcpInitOutside, SessionState.TcpEstablished,
            SessionState.TcpFinInside, SessionState.TcpFinOutside, SessionState.TcpClosing,
            SessionState.TcpTransitory, SessionState.DccpOpening, SessionState.DccpEstablished,
            SessionState.DccpClosing,
        }.Select(state => $"state {state}"),
        .. new[]
        {
            CounterId.Consumed, CounterId.Split, CounterId.Merged, CounterId.HairpinPackets, CounterId.MssClamped,
            CounterId.BlocksReleased, CounterId.Reassembled, CounterId.HandoffsSent,
        }.Select(counter => $"count {counter}"),
    ];

    [Fact]
    public void The_gateway_does_what_the_model_does()
    {
        bool isLong = Environment.GetEnvironmentVariable("CGN_LONG") == "1";
        int cases = int.Parse(Environment.GetEnvironmentVariable("CGN_MODEL_CASES") ?? (isLong ? "5500" : "60"));
        Coverage coverage = new();
        Stopwatch watch = Stopwatch.StartNew();
        Case? failing = null;
        string? difference = null;
        Generators.Case(OperationsPerCase).Sample(
            run =>
            {
                if (failing is not null)
                    return;
                difference = Runner.Difference(run, coverage);
                if (difference is not null)
                    failing = run;
            },
            iter: cases, threads: 1);
        output.WriteLine(
            $"{coverage.Operations} operations in {watch.Elapsed.TotalSeconds:F0} s: "
            + $"{coverage.Operations / watch.Elapsed.TotalSeconds:F0} a second");
        output.WriteLine(coverage.ToString());
        if (failing is not null)
            Fail(failing);
        string[] missed = [.. s_mustReach.Where(outcome => coverage.Of(outcome) == 0)];
        if (coverage.Operations >= 200_000)
            Assert.Equal([], missed);
        if (isLong)
            Assert.True(coverage.Operations >= 1_000_000, $"{coverage.Operations} operations");
    }

    private static void Fail(Case failing)
    {
        Case small = Shrinker.Shrink(failing, run => Runner.Difference(run, tablesEvery: 1) is not null);
        string difference = Runner.Difference(small, tablesEvery: 1)!;
        string file = FileFor(small);
        small.Write(file, difference.Split('\n')[0]);
        Assert.Fail($"{difference}\n{small}\nwritten to {file}, where CaseTests runs it with every build once it is "
            + "committed (outside a checkout: copy it into tests/Cgn.Model.Tests/Cases); name it for what it shows");
    }

    // Into the checkout that this was built from, where it is still there.
    private static string FileFor(Case small)
    {
        uint number = 2166136261;
        foreach (char c in small.ToString())
            number = (number ^ c) * 16777619;
        string name = $"failed-{number:x8}.case";
        for (DirectoryInfo? up = new(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            string cases = Path.Combine(up.FullName, "tests", "Cgn.Model.Tests", "Cases");
            if (Directory.Exists(cases))
                return Path.Combine(cases, name);
        }

        return Path.Combine(AppContext.BaseDirectory, name);
    }
}
