using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Peers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// A call between two sipp, from a home to the Internet: set up by INVITE, RTP both ways to where each end's SDP
/// said, ended by BYE. The called end sends to the address of the caller's SDP alone, so only the SIP gateway
/// brings it home.
/// </summary>
public sealed class SipCheck : HomeCheck
{
    private const int SipPort = 5060;
    private const int CallerMedia = 6000;
    private const int CalledMedia = 7000;
    private static readonly TimeSpan s_media = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override string Name => "sip call";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session, LabHome home, CancellationToken cancellation)
    {
        if (CommandRunner.Find("sipp") is null)
            return LabVerdict.Skip("there is no sipp; install sip-tester");

        string server = home.OwnServer;
        await using BackgroundCommand called = BackgroundCommand.Start(
            session.Topology.Internet, "sipp", Words(SipScenario.Write("called"), server, CalledMedia));
        await using BackgroundCommand atHome = Media(home.Customer, $"src host {server} and dst port {CallerMedia}");
        await using BackgroundCommand atServer = Media(
            session.Topology.Internet, $"dst host {server} and dst port {CalledMedia} and src net {LabTopology.Pool}");
        await atHome.WaitForLineAsync("listening on", s_media * 3);
        await atServer.WaitForLineAsync("listening on", s_media * 3);

        string[] words = [.. Words(SipScenario.Write("caller"), home.CustomerAddress, CallerMedia), "-s", "called",
            $"{server}:{SipPort}"];
        CommandResult caller = await home.Customer.RunAsync(
            "sipp", words, session.Patience, cancellation: cancellation);
        if (!caller.Succeeded)
            return LabVerdict.Fail($"the call failed: {caller.Failure}; the called end: {called.LastWords}");
        await Task.Delay(s_media / 4, cancellation);
        return (atServer.LinesWith(" IP ").Count, atHome.LinesWith(" IP ").Count) switch
        {
            (0, _) => LabVerdict.Fail($"no RTP from home reached {server}:{CalledMedia}"),
            (_, 0) => LabVerdict.Fail($"no RTP from {server} reached {home.CustomerAddress}:{CallerMedia}"),
            (int up, int down) => LabVerdict.Pass($"RTP packets up {up}, down {down}"),
        };
    }

    private static string[] Words(string scenario, string address, int mediaPort) =>
    [
        "-sf", scenario, "-i", address, "-p", $"{SipPort}", "-mi", address, "-mp", $"{mediaPort}", "-m", "1",
        "-nostdin", "-timeout", "20",
    ];

    private static BackgroundCommand Media(NetworkNamespace where, string filter) =>
        BackgroundCommand.Start(where, "tcpdump", ["-l", "-n", "-t", "-Q", "in", "-i", "any", $"udp and {filter}"]);
}
