using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// A host asks for a TCP port by PCP (RFC 6887, MAP) and sends nothing itself; a host on the Internet then reaches it
/// there, and the port is given back. Behind NAT444 the home's router asks: a request speaks for the address that the
/// gateway sees.
/// </summary>
[Shows("RFC6887-S11-EIM")]
[Shows("RFC6887-S11.1-NONCE")]
public sealed class PcpCheck : HomeCheck
{
    private const int EchoBytes = 20_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(12);

    /// <inheritdoc/>
    public override string Name => "pcp";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        NetworkNamespace where = home.Access == AccessKind.DsLite ? home.Host : home.Router;
        string server = $"{LabTopology.AftrInnerAddress}:5351";
        await using BackgroundCommand host = BackgroundCommand.Start(
            where, SelfCommand.Program, SelfCommand.Words("lab", "probe", "map", server));
        var endpoint = IPEndPoint.Parse(await host.WaitForLineAsync(PcpProbe.MapMark, s_patience));
        CommandResult reached = await CallAsync(session, endpoint, cancellation);
        host.CloseInput();
        await host.WaitForLineAsync(PcpProbe.DeletedMark, s_patience);
        await host.WaitAsync(s_patience);
        return LabVerdict.Of(
            reached.Succeeded,
            reached.Succeeded
                ? $"{EchoBytes} bytes from outside by {endpoint}, which was given back"
                : $"{endpoint}: {reached.Failure}");
    }

    private static Task<CommandResult> CallAsync(
        LabSession session, IPEndPoint endpoint, CancellationToken cancellation) => session.Topology.Internet.RunAsync(
        SelfCommand.Program,
        SelfCommand.Words("lab", "probe", "echo", endpoint.ToString(), $"{EchoBytes}"),
        s_patience,
        cancellation: cancellation);
}
