using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// Asked to end, the gateway ends with exit code 0 and leaves its interfaces as they were: no XDP program, no
/// promiscuous mode, no packet filter of its own. It comes last: after it there is no gateway.
/// </summary>
public sealed class StopCheck : ILabCheck
{
    private static readonly string[] s_devices = ["cgn-in0", "cgn-out0"];

    /// <inheritdoc/>
    public string Name => "stop";

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        if (session.Gateway.HasEnded)
            return LabVerdict.Fail($"it had ended before it was asked: {session.Gateway.LastWords}");
        int? exitCode = await session.Gateway.StopAsync();
        if (exitCode != 0)
        {
            string ending = exitCode is null ? "it had to be killed" : $"exit code {exitCode}";
            return LabVerdict.Fail($"{ending}: {session.Gateway.LastWords}");
        }


        NetworkNamespace where = session.Topology.Gateway;
        List<string> left = [];
        foreach (string device in s_devices)
        {
            CommandResult link = await where.IpAsync($"-details -json link show {device}");
            using JsonDocument state = JsonDocument.Parse(link.Output);
            JsonElement first = state.RootElement[0];
            if (first.TryGetProperty("xdp", out _))
                left.Add($"an XDP program on {device}");
            if (first.TryGetProperty("promiscuity", out JsonElement promiscuity) && promiscuity.GetInt32() != 0)
                left.Add($"promiscuous mode on {device}");
        }

        string rules = (await where.RunAsync("nft", ["list", "ruleset"], cancellation: cancellation)).Require().Output;
        if (!string.IsNullOrWhiteSpace(rules))
            left.Add("a packet filter");
        return left.Count == 0
            ? LabVerdict.Pass("exit code 0, interfaces as they were")
            : LabVerdict.Fail($"left behind: {string.Join(", ", left)}");
    }
}
