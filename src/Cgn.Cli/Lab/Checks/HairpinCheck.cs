using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// Two homes talk through the gateway by each other's public endpoints, and each sees the other's public one (RFC 4787
/// REQ-9a).
/// </summary>
public sealed class HairpinCheck : HomeCheck
{
    private static readonly TimeSpan s_meeting = TimeSpan.FromSeconds(12);

    /// <inheritdoc/>
    public override string Name => "hairpin";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        // A B4 does not translate, so anybody may call there; a NAT444 router of its own would refuse the caller.
        LabHome other = session.Topology.Homes.First(each => each.Access == AccessKind.DsLite && each != home);
        string mirror = $"{LabTopology.ServerAddress}:{EchoServer.MirrorPort}";
        await using BackgroundCommand meeting = BackgroundCommand.Start(
            other.Host, SelfCommand.Program, SelfCommand.Words("lab", "probe", "meet", mirror));
        string endpoint = await meeting.WaitForLineAsync(ProbeCommand.MeetMark, s_meeting);

        string text = $"hello-{home.Name}";
        CommandResult said = await home.Host.RunAsync(
            SelfCommand.Program,
            SelfCommand.Words("lab", "probe", "say", endpoint, text),
            cancellation: cancellation);
        if (!said.Succeeded)
            return LabVerdict.Fail($"{other.Name} at {endpoint}: {said.Failure}");

        string heard = said.Output.Trim();
        string pool = LabTopology.Pool[..LabTopology.Pool.LastIndexOf('.')];
        bool right = heard.StartsWith($"{text} from {pool}.", StringComparison.Ordinal);
        return LabVerdict.Of(right, $"{other.Name} at {endpoint} heard: {heard}");
    }
}
