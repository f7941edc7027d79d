using System;
using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// ICMP echo: five packets, five answers. The first ping of a session may wait until neighbours are resolved all the
/// way.
/// </summary>
/// <param name="name">The name in tables.</param>
/// <param name="target">Whom to ping.</param>
/// <param name="payloadBytes">Bytes behind the ICMP header; beyond 1472 the host sends fragments.</param>
/// <param name="only">The kind of home that it is made from; null for all.</param>
public sealed partial class PingCheck(string name, string target, int payloadBytes, AccessKind? only = null) : HomeCheck
{
    private const int Count = 5;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override bool AppliesTo(LabHome? home) => home is not null && (only is null || home.Access == only);

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (!(await PingAsync(home, 1, cancellation)).Succeeded)
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
                return LabVerdict.Fail($"{target} never answered in {s_patience.TotalSeconds:0} s");
        }

        CommandResult ping = await PingAsync(home, Count, cancellation);
        Match figures = FiguresPattern().Match(ping.Output);
        Match times = TimesPattern().Match(ping.Output);
        if (!figures.Success)
            return LabVerdict.Fail(ping.Failure);

        string took = times.Success ? $", {times.Groups[1].Value} ms" : "";
        string seen = $"{target}: {figures.Groups[2].Value} of {figures.Groups[1].Value} answered{took}";
        return LabVerdict.Of(figures.Groups[1].Value == figures.Groups[2].Value, seen);
    }

    private Task<CommandResult> PingAsync(LabHome home, int count, CancellationToken cancellation)
    {
        string[] words =
            ["-n", "-c", $"{count}", "-i", "0.2", "-W", "1", "-M", "dont", "-s", $"{payloadBytes}", target];
        return home.Host.RunAsync("ping", words, cancellation: cancellation);
    }

    [GeneratedRegex(@"(\d+) packets transmitted, (\d+) received")]
    private static partial Regex FiguresPattern();

    [GeneratedRegex(@"rtt min/avg/max/mdev = [\d.]+/([\d.]+)/")]
    private static partial Regex TimesPattern();
}
