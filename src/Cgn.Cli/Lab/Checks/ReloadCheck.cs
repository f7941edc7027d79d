using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// While every home pings and one downloads, the gateway takes other configurations by SIGHUP: a pool more, resized,
/// rates and plans changed, the first pool drained. No ping is lost, and the download goes on with its session. What is
/// wrong, or takes a restart, is refused and leaves everything as it is. It leaves the first pool drained.
/// </summary>
public sealed partial class ReloadCheck : ILabCheck
{
    private const string LocalPort = "41000";
    private const int PageBytes = 2_000_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);

    /// <inheritdoc/>
    public string Name => "reload";

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        LabHome downloader = session.Topology.Homes[0];
        BackgroundCommand[] pings = [.. session.Topology.Homes.Select(Ping)];
        try
        {
            Task<CommandResult> download = DownloadAsync(session, downloader, cancellation);
            await Task.Delay(s_pause * 4, cancellation);
            string before = await SessionAsync(session, downloader, cancellation);
            int changes = await ChangeAsync(session.Gateway, cancellation);
            string after = await SessionAsync(session, downloader, cancellation);
            // Of its state nothing is asked: the server may have sent all by now, and waits for the slow reader.
            if (before.Length == 0 || before != after)
                return LabVerdict.Fail($"the download had the session [{before}] before, and [{after}] after");

            CommandResult done = (await download).Require();
            string answered = await PingedAsync(pings);
            return LabVerdict.Of(
                done.Output == $"{PageBytes}",
                $"{changes} configurations in force, 2 refused; download of {done.Output} bytes from {after}; "
                + answered);
        }
        finally
        {
            foreach (BackgroundCommand ping in pings)
                await ping.DisposeAsync();
        }
    }

    private static async Task<int> ChangeAsync(LabGateway gateway, CancellationToken cancellation)
    {
        string added = LabChange.SecondPool(gateway.FirstConfig, SmallPool);
        string resized = LabChange.Resized(added, SmallPool, LabTopology.SecondPool);
        string planned = LabChange.OtherPlan(resized);
        await TakesAsync(added);
        await TakesAsync(resized);
        await TakesAsync(planned);
        await RefusesAsync(LabChange.Broken(planned), "rate-up", "filtering-type");
        await RefusesAsync(LabChange.MoreWorkers(planned), "gateway.workers can't change while the gateway runs");
        await TakesAsync(LabChange.Drained(planned));
        return 4;

        async Task TakesAsync(string yaml)
        {
            IReadOnlyList<string> said = await gateway.ReloadAsync(yaml, cancellation);
            if (!LabGateway.IsInForce(said))
                throw new LabException($"a good configuration was refused: {string.Join(" / ", said)}");
            await Task.Delay(s_pause, cancellation);
        }

        async Task RefusesAsync(string yaml, params string[] words)
        {
            IReadOnlyList<string> said = await gateway.ReloadAsync(yaml, cancellation);
            string all = string.Join(" / ", said);
            if (LabGateway.IsInForce(said) || words.Any(word => !all.Contains(word, StringComparison.Ordinal)))
            {
                string right = string.Join(", ", words);
                throw new LabException($"a bad configuration met: {all}; right: refused for {right}");
            }
        }
    }

    private static string SmallPool => LabTopology.SecondPool.Replace("/28", "/29", StringComparison.Ordinal);

    // Twenty a second, until told to end.
    private static BackgroundCommand Ping(LabHome home) => BackgroundCommand.Start(
        home.Host, "ping", ["-n", "-i", "0.05", "-W", "1", LabTopology.ServerAddress]);

    private static Task<CommandResult> DownloadAsync(
        LabSession session, LabHome home, CancellationToken cancellation)
    {
        string[] words =
        [
            "-sS", "--fail", "--max-time", "40", "--local-port", LocalPort, "--limit-rate", "500k",
            "-o", "/dev/null", "-w", "%{size_download}", $"http://{LabTopology.ServerAddress}/page?bytes={PageBytes}",
        ];
        return home.Host.RunAsync("curl", words, session.Patience, cancellation: cancellation);
    }

    // The endpoints of the download.
    private static async Task<string> SessionAsync(LabSession session, LabHome home, CancellationToken cancellation)
    {
        CommandResult shown = (await session.Gateway.AskAsync(
            ["show", "sessions", "--subscriber", home.Subscriber, "--limit", "0"], cancellation)).Require();
        string[] fields = shown.Output.Split('\n')
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(static fields => fields.Length > 7 && fields[0] == "tcp" && fields[2] == LocalPort) ?? [];
        return string.Join(' ', fields.Take(7));
    }

    private static async Task<string> PingedAsync(BackgroundCommand[] pings)
    {
        List<string> counts = [];
        foreach (BackgroundCommand ping in pings)
        {
            // So asked, it tells its statistics; the last packet may be on its way still.
            (await CommandRunner.RunAsync("kill", ["-INT", $"{ping.ProcessId}"])).Require();
            await ping.WaitAsync(TimeSpan.FromSeconds(5));
            string line = Last(ping);
            Match figures = FiguresPattern().Match(line);
            if (!figures.Success || int.Parse(figures.Groups[1].Value) - int.Parse(figures.Groups[2].Value) > 1)
                throw new LabException($"pings were lost while configurations changed: {line}");
            counts.Add(figures.Groups[2].Value);
        }

        return $"pings answered: {string.Join(", ", counts)}, none lost";
    }

    private static string Last(BackgroundCommand ping) =>
        ping.LinesWith("packets transmitted") is [.., string line] ? line : ping.LastWords;

    [GeneratedRegex(@"(\d+) packets transmitted, (\d+) received")]
    private static partial Regex FiguresPattern();
}
