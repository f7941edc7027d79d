using System;
using System.Diagnostics;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// The Internet host names the address and port that a connection came from, and the gateway's block log names the home
/// that had them.
/// </summary>
public sealed class BlockLogCheck : HomeCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override string Name => "block log";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        string[] words = ["-sS", "--fail", "--max-time", "20", $"http://{LabTopology.ServerAddress}/whoami"];
        CommandResult curl = await home.Host.RunAsync("curl", words, cancellation: cancellation);
        if (!curl.Succeeded)
            return LabVerdict.Fail(curl.Failure);

        // Written by another process a moment after the fact, so it is read until it says something.
        IPEndPoint seen = IPEndPoint.Parse(curl.Output.Trim());
        BlockLog log = new(session.Gateway.BlockLogPath);
        long start = Stopwatch.GetTimestamp();
        string? holder = log.HolderOf(seen);
        while (holder is null && Stopwatch.GetElapsedTime(start) < s_patience)
        {
            await Task.Delay(100, cancellation);
            holder = log.HolderOf(seen);
        }

        if (holder is null)
            return LabVerdict.Fail($"{seen} was seen outside, and no line of {log.Path} covers it");
        return BlockLog.IsSame(holder, home.Subscriber)
            ? LabVerdict.Pass($"{seen} was {holder}")
            : LabVerdict.Fail($"{seen} was {holder} by the log; right: {home.Subscriber}");
    }
}
