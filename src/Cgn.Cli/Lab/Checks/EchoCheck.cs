using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>The echo server gives back over TCP what was sent, byte for byte, while both directions are busy.</summary>
public sealed class EchoCheck : HomeCheck
{
    private const int LengthBytes = 256 << 10;

    /// <inheritdoc/>
    public override string Name => "echo";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        string endpoint = $"{LabTopology.ServerAddress}:{EchoServer.EchoPort}";
        CommandResult echo = await home.Host.RunAsync(
            SelfCommand.Program,
            SelfCommand.Words("lab", "probe", "echo", endpoint, $"{LengthBytes}"),
            session.Patience,
            cancellation: cancellation);
        return echo.Succeeded ? LabVerdict.Pass($"{LengthBytes} bytes over TCP") : LabVerdict.Fail(echo.Failure);
    }
}
