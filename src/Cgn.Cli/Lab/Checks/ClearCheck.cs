using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// `cgn clear` takes all that one home has, sessions, mappings and blocks, while another home's pings go on through the
/// session that they have. The home that was cleared begins anew, in the pool that the configuration now in force
/// gives to new subscribers.
/// </summary>
public sealed partial class ClearCheck : ILabCheck
{
    private const string NewPool = "203.0.113.";
    private const int NewPoolFrom = 16;

    /// <inheritdoc/>
    public string Name => "clear";

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        LabHome cleared = session.Topology.Homes[1];
        LabHome other = session.Topology.Homes[0];
        await OutsideSelf.EndpointAsync(cleared, cancellation);
        Task<CommandResult> pings = other.Host.RunAsync(
            "ping", ["-n", "-c", "40", "-i", "0.05", "-W", "1", LabTopology.ServerAddress],
            cancellation: cancellation);
        string[] clear = ["clear", "--subscriber", cleared.Subscriber];
        CommandResult done = (await session.Gateway.AskAsync(clear, cancellation)).Require();
        int left = await CountAsync(session, "sessions", cleared, cancellation)
            + await CountAsync(session, "port-blocks", cleared, cancellation);
        int others = await CountAsync(session, "port-blocks", other, cancellation);
        Match figures = FiguresPattern().Match((await pings).Output);
        string now = (await OutsideSelf.EndpointAsync(cleared, cancellation)).ToString();
        bool isNew = int.Parse(now[NewPool.Length..now.IndexOf(':')]) >= NewPoolFrom;
        bool holds = left == 0 && others > 0 && figures.Success && figures.Groups[1].Value == figures.Groups[2].Value
            && isNew;
        return LabVerdict.Of(
            holds,
            $"{done.Output.Trim()}: {left} sessions and blocks left; {other.Name} has {others} blocks still and "
            + $"{figures.Value}; {cleared.Name} is now {now}");
    }

    private static async Task<int> CountAsync(
        LabSession session, string what, LabHome home, CancellationToken cancellation)
    {
        CommandResult shown = (await session.Gateway.AskAsync(
            ["show", what, "--subscriber", home.Subscriber, "--limit", "0", "--json"], cancellation)).Require();
        using var rows = System.Text.Json.JsonDocument.Parse(shown.Output);
        return rows.RootElement.GetArrayLength();
    }

    [GeneratedRegex(@"(\d+) packets transmitted, (\d+) received")]
    private static partial Regex FiguresPattern();
}
