using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>The name server's one name resolves to the right address, asked by dig over UDP.</summary>
public sealed class DnsCheck : HomeCheck
{
    /// <inheritdoc/>
    public override string Name => "dns";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        if (CommandRunner.Find("dig") is null)
            return LabVerdict.Skip("there is no dig; install dnsutils");

        string server = $"@{LabTopology.NameServerAddress}";
        string[] words = [server, DnsServer.KnownName, "A", "+short", "+norecurse", "+time=2", "+tries=2"];
        CommandResult dig = await home.Host.RunAsync("dig", words, cancellation: cancellation);
        string answer = dig.Output.Trim();
        return dig.Succeeded
            ? LabVerdict.Of(answer == LabTopology.ServerAddress, $"{DnsServer.KnownName} is {answer}")
            : LabVerdict.Fail(dig.Failure);
    }
}
