using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// `cgn trace` names the home behind each address and port that the Internet saw, and goes on to do so after the
/// configuration has changed, after the forwarder was killed and after the control plane was. Killed control planes
/// leave their forwarder to the next one. It comes after everything that counts restarts.
/// </summary>
public sealed class TraceCheck : ILabCheck
{
    // The control plane reads what the forwarder tells a moment after the fact.
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public string Name => "trace";

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        LabGateway gateway = session.Gateway;
        List<(LabHome Home, IPEndPoint Seen, DateTimeOffset At)> seen = [];
        await LookAsync();
        await AskAsync("at first");
        await gateway.KillForwarderAsync(cancellation);
        await LookAsync();
        await AskAsync("after the forwarder was killed");
        await gateway.KillControlAsync(cancellation);
        if (!gateway.HasSaid("was running and goes on"))
            return LabVerdict.Fail($"a control plane did not take over a forwarder that runs: {gateway.LastWords}");
        await AskAsync("after the control plane was killed");
        IReadOnlyList<string> said = await gateway.ReloadAsync(gateway.FirstConfig, cancellation);
        if (!LabGateway.IsInForce(said))
            return LabVerdict.Fail($"the first configuration was refused: {string.Join(" / ", said)}");
        await LookAsync();
        await AskAsync("after the configuration was changed back");
        return LabVerdict.Pass(
            $"{seen.Count} endpoints named, before and after both processes were killed and a reload");

        async Task LookAsync()
        {
            IPEndPoint[] endpoints = await Task.WhenAll(
                session.Topology.Homes.Select(each => OutsideSelf.EndpointAsync(each, cancellation)));
            await Task.Delay(s_moment, cancellation);
            DateTimeOffset now = DateTimeOffset.UtcNow;
            seen.AddRange(session.Topology.Homes.Zip(endpoints, (each, at) => (each, at, now)));
        }

        async Task AskAsync(string when)
        {
            string?[] wrong = await Task.WhenAll(seen.Select(one => FaultAsync(gateway, one, cancellation)));
            if (Array.Find(wrong, static fault => fault is not null) is { } fault)
                throw new LabException($"{when}: {fault}");
        }
    }

    private static async Task<string?> FaultAsync(
        LabGateway gateway, (LabHome Home, IPEndPoint Seen, DateTimeOffset At) one, CancellationToken cancellation)
    {
        (LabHome home, IPEndPoint endpoint, DateTimeOffset at) = one;
        string[] verb =
        [
            "trace", "--address", $"{endpoint.Address}", "--port", $"{endpoint.Port}", "--at", $"{at:O}", "--json",
        ];
        CommandResult traced = await gateway.AskAsync(verb, cancellation);
        if (!traced.Succeeded)
            return $"{endpoint} of {home.Name} at {at:T}: {traced.Failure}";
        using JsonDocument holders = JsonDocument.Parse(traced.Output);
        string[] names =
        [
            .. holders.RootElement.EnumerateArray().Select(static each => each.GetProperty("subscriber").GetString()!),
        ];
        return names is [string name] && BlockLog.IsSame(name, home.Subscriber)
            ? null
            : $"{endpoint} at {at:T} was {string.Join(" and ", names)} by cgn trace; right: {home.Subscriber}";
    }
}
