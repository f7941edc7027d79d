using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// Traceroute sees every hop in its place, the gateway's own among them: ICMP errors from outside find their way back
/// to the right home (RFC 5508, RFC 6333 section 8).
/// </summary>
public sealed partial class TracerouteCheck : HomeCheck
{
    /// <inheritdoc/>
    public override string Name => "traceroute";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        if (CommandRunner.Find("traceroute") is null)
            return LabVerdict.Skip("there is no traceroute; install it");

        string[] words = ["-n", "-q", "1", "-w", "2", "-m", "10", LabTopology.ServerAddress];
        CommandResult trace = await home.Host.RunAsync(
            "traceroute", words, session.Patience, cancellation: cancellation);
        if (!trace.Succeeded)
            return LabVerdict.Fail(trace.Failure);

        string[] seen = [.. HopPattern().Matches(trace.Output).Select(hop => hop.Groups[1].Value)];
        IReadOnlyList<string?> wanted = LabTopology.HopsFrom(home);
        bool right = seen.Length == wanted.Count && seen.Zip(wanted).All(IsRight);
        string path = string.Join(' ', seen);
        return right ? LabVerdict.Pass(path) : LabVerdict.Fail($"{path}; right: {Describe(wanted)}");
    }

    private static bool IsRight((string Seen, string? Wanted) hop) =>
        hop.Wanted is null ? hop.Seen != "*" : hop.Seen == hop.Wanted;

    private static string Describe(IReadOnlyList<string?> hops) =>
        string.Join(' ', hops.Select(hop => hop ?? "(gateway)"));

    [GeneratedRegex(@"^ *\d+ +(\S+)", RegexOptions.Multiline)]
    private static partial Regex HopPattern();
}
