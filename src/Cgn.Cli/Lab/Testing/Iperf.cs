using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Testing;

/// <summary>Runs iperf3 between a home's host and that home's own server on the Internet.</summary>
public static class Iperf
{
    private const int UdpPayloadBytes = 1400;
    private const int UdpHeadersBytes = 28;
    private const int Attempts = 3;

    /// <summary>One TCP stream.</summary>
    /// <param name="home">The client.</param>
    /// <param name="down">True towards the home.</param>
    /// <param name="seconds">How long is measured; a further second before is not.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="LabException">iperf3 failed.</exception>
    public static Task<IperfResult> TcpAsync(LabHome home, bool down, int seconds, CancellationToken cancellation) =>
        RunAsync(home, down, seconds, ["--omit", "1"], payloadShare: 1, cancellation);

    /// <summary>One UDP stream of 1428-byte packets at a steady rate.</summary>
    /// <param name="home">The client.</param>
    /// <param name="down">True towards the home.</param>
    /// <param name="bitsPerSecond">What is offered, IPv4 headers included.</param>
    /// <param name="seconds">How long is measured.</param>
    /// <param name="settles">True: a further second before, in which buckets drain, is not measured.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="LabException">iperf3 failed.</exception>
    public static Task<IperfResult> UdpAsync(
        LabHome home,
        bool down,
        double bitsPerSecond,
        int seconds,
        bool settles,
        CancellationToken cancellation)
    {
        double payloadShare = (double)UdpPayloadBytes / (UdpPayloadBytes + UdpHeadersBytes);
        string[] words = ["--udp", "--length", $"{UdpPayloadBytes}", "--bitrate", $"{bitsPerSecond * payloadShare:0}"];
        return RunAsync(home, down, seconds, settles ? [.. words, "--omit", "1"] : words, payloadShare, cancellation);
    }

    private static async Task<IperfResult> RunAsync(
        LabHome home,
        bool down,
        int seconds,
        string[] kind,
        double payloadShare,
        CancellationToken cancellation)
    {
        string[] words =
        [
            "--client", LabTopology.ServerAddress, "--port", $"{home.IperfPort}", "--json", "--time", $"{seconds}",
            "--connect-timeout", "5000", .. down ? new[] { "--reverse" } : [], .. kind,
        ];
        TimeSpan limit = TimeSpan.FromSeconds(seconds + 30);
        for (int attempt = 1; ; attempt++)
        {
            CommandResult run = await home.Host.RunAsync("iperf3", words, limit, cancellation: cancellation);
            (IperfResult? result, string error) = Parse(run, payloadShare);
            if (result is { } measured)
                return measured;
            // The server takes one client at a time and may still be saying goodbye to the last.
            bool busy = error.Contains("busy", StringComparison.Ordinal);
            if (!busy || attempt == Attempts)
                throw new LabException($"iperf3: {error}");
            await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        }
    }

    private static (IperfResult? Result, string Error) Parse(CommandResult run, double payloadShare)
    {
        try
        {
            using JsonDocument report = JsonDocument.Parse(run.Output);
            if (report.RootElement.TryGetProperty("error", out JsonElement error))
                return (null, error.GetString() ?? "failed without a reason");

            JsonElement end = report.RootElement.GetProperty("end");
            JsonElement sent = end.GetProperty("sum_sent");
            JsonElement received = end.GetProperty("sum_received");
            return (new IperfResult(
                sent.GetProperty("bytes").GetDouble() / payloadShare,
                received.GetProperty("bytes").GetDouble() / payloadShare,
                received.GetProperty("bits_per_second").GetDouble() / payloadShare), "");
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException)
        {
            return (null, run.Failure);
        }
    }
}
