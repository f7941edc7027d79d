using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// One home of each kind of access is put into the walled garden while one of them downloads: its download ends, curl
/// is redirected from wherever it asks to the portal and gets the portal's page there, and https is refused at once. A
/// home that is not in the garden gets what it asks for. Afterwards everybody does.
/// </summary>
public sealed class GardenCheck : ILabCheck
{
    private const string Portal = $"http://{LabTopology.ServerAddress}/whoami";
    private const int ConnectionRefused = 7;
    private const int PageBytes = 8_000_000;

    /// <inheritdoc/>
    public string Name => "garden";

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        LabGateway gateway = session.Gateway;
        LabHome[] kept =
            [.. session.Topology.Homes.GroupBy(static one => one.Access).Select(static all => all.First())];
        LabHome free = session.Topology.Homes.Except(kept).First();
        Task<CommandResult> download = DownloadAsync(kept[0], cancellation);
        await Task.Delay(TimeSpan.FromSeconds(0.5), cancellation);
        await TakeAsync(gateway, LabChange.Garden(
            gateway.FirstConfig, Portal, kept.Select(static one => one.Subscriber)), cancellation);
        List<string> seen = [];
        try
        {
            CommandResult ended = await download;
            if (ended.Succeeded)
                return LabVerdict.Fail($"a download that leads out of the garden went on: {ended.Output}");
            foreach (LabHome one in kept)
                seen.Add($"{one.Name}: {await KeptAsync(one, cancellation)}");
            string passed = await AskAsync(free, Elsewhere(free), follow: true, cancellation);
            if (passed != $"200 0 {Elsewhere(free)}")
                return LabVerdict.Fail($"{free.Name} is in no garden, and got: {passed}");
            seen.Add($"{free.Name}: {passed}");
        }
        finally
        {
            await TakeAsync(gateway, gateway.FirstConfig, cancellation);
        }

        string again = await AskAsync(kept[0], Elsewhere(kept[0]), follow: true, cancellation);
        return LabVerdict.Of(
            again == $"200 0 {Elsewhere(kept[0])}", $"{string.Join("; ", seen)}; {kept[0].Name} afterwards: {again}");
    }

    private static string Elsewhere(LabHome home) => $"http://{home.OwnServer}/whoami";

    private static async Task<string> KeptAsync(LabHome home, CancellationToken cancellation)
    {
        string elsewhere = Elsewhere(home);
        string there = $"{Portal}?url={Uri.EscapeDataString(elsewhere)}";
        string redirect = await AskAsync(home, elsewhere, follow: false, cancellation);
        if (redirect != $"302 0 {elsewhere} {there}")
            throw new LabException($"{home.Name} was not redirected to {there}, but got: {redirect}");
        string served = await AskAsync(home, elsewhere, follow: true, cancellation);
        if (served != $"200 1 {there}")
            throw new LabException($"{home.Name} was not served by the portal, but got: {served}");
        CommandResult https = await home.Host.RunAsync(
            "curl", ["-sS", "--insecure", "--max-time", "10", $"https://{home.OwnServer}/"],
            cancellation: cancellation);
        if (https.ExitCode != ConnectionRefused)
            throw new LabException($"https of {home.Name} was not refused: {https.Failure}");
        return $"{redirect[..3]} to {there}, {served[..3]} there, https refused";
    }

    // Status, redirects followed, where it ended, and where it would have been sent.
    private static async Task<string> AskAsync(
        LabHome home, string url, bool follow, CancellationToken cancellation)
    {
        string[] words =
        [
            "-sS", "--max-time", "10", .. follow ? new[] { "--location" } : [], "-o", "/dev/null",
            "-w", "%{http_code} %{num_redirects} %{url_effective} %{redirect_url}", url,
        ];
        CommandResult curl = await home.Host.RunAsync("curl", words, cancellation: cancellation);
        return curl.Require().Output.Trim();
    }

    private static Task<CommandResult> DownloadAsync(LabHome home, CancellationToken cancellation)
    {
        string[] words =
        [
            "-sS", "--fail", "--max-time", "40", "--limit-rate", "500k", "-o", "/dev/null", "-w", "%{size_download}",
            $"http://{home.OwnServer}/page?bytes={PageBytes}",
        ];
        return home.Host.RunAsync("curl", words, TimeSpan.FromSeconds(60), cancellation: cancellation);
    }

    private static async Task TakeAsync(LabGateway gateway, string yaml, CancellationToken cancellation)
    {
        IReadOnlyList<string> said = await gateway.ReloadAsync(yaml, cancellation);
        if (!LabGateway.IsInForce(said))
            throw new LabException($"a good configuration was refused: {string.Join(" / ", said)}");
    }
}
