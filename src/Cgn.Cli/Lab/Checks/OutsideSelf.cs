using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Checks;

/// <summary>How the Internet sees a home.</summary>
internal static class OutsideSelf
{
    /// <summary>Address and port that one request of a home came from, as the server saw it.</summary>
    /// <exception cref="LabException">The server was not reached.</exception>
    public static async Task<IPEndPoint> EndpointAsync(LabHome home, CancellationToken cancellation)
    {
        string[] words = ["-sS", "--fail", "--max-time", "10", $"http://{LabTopology.ServerAddress}/whoami"];
        CommandResult curl = (await home.Host.RunAsync("curl", words, cancellation: cancellation)).Require();
        return IPEndPoint.Parse(curl.Output.Trim());
    }
}
