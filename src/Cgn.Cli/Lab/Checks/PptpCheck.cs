using System;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Peers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// The real PPTP client sets up a control connection and a call with pptpd, and the call's GRE packets reach the
/// server from a public address (RFC 2637).
/// </summary>
public sealed partial class PptpCheck : HomeCheck
{
    // An LCP configure-request in HDLC framing, with its checksum: what a pppd would begin with.
    private const string Hello = @"\176\377\003\300\041\001\001\000\004\321\265\176";
    private static readonly TimeSpan s_listening = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override string Name => "pptp";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session, LabHome home, CancellationToken cancellation)
    {
        if (CommandRunner.Find(LabPeers.Pptp) is null || CommandRunner.Find("pptp") is null)
            return LabVerdict.Skip("there is no pptpd or pptp; install pptpd and pptp-linux");

        string filter = $"dst host {home.CustomerAddress} and tcp port 1723 and greater 60";
        await using BackgroundCommand control = BackgroundCommand.Start(
            home.Customer, "tcpdump", ["-l", "-n", "-t", "-i", "any", filter]);
        await using BackgroundCommand call = BackgroundCommand.Start(
            session.Topology.Internet, "tcpdump",
            ["-l", "-n", "-t", "-Q", "in", "-i", "any", $"proto 47 and src net {LabTopology.Pool}"]);
        await control.WaitForLineAsync("listening on", s_listening);
        await call.WaitForLineAsync("listening on", s_listening);

        // The client keeps calls by their server in files that all namespaces share: each home calls its own.
        // The client's own standard input and output stand for the pppd that it would start.
        string script = $"(sleep 3; printf '{Hello}'; sleep 1; printf '{Hello}'; sleep 2) | "
            + $"timeout 10 pptp {home.OwnServer} --nolaunchpppd";
        await home.Customer.RunAsync("sh", ["-c", script], session.Patience, cancellation: cancellation);
        if (CallNumber().Match(string.Join('\n', control.LinesWith("OCRP"))) is not { Success: true } answer)
            return LabVerdict.Fail($"no call was set up; {control.LastWords}");
        int packets = call.LinesWith($"GREv1, call {answer.Groups[1].Value},").Count;
        return LabVerdict.Of(packets > 0, $"control connection and call set up, {packets} GRE packets at the server");
    }

    // The number that the server gave the call: what GRE packets towards it carry.
    [GeneratedRegex(@" CALL_ID\((\d+)\)")]
    private static partial Regex CallNumber();
}
