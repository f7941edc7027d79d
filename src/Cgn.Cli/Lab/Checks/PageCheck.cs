using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>curl fetches a page of several megabytes, and every byte of it is right.</summary>
public sealed class PageCheck : HomeCheck
{
    private const int PageBytes = 6 << 20;

    /// <inheritdoc/>
    public override string Name => "page down";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        string path = Path.Combine(session.Folder, $"page-{home.Name}");
        string url = $"http://{LabTopology.ServerAddress}/page?bytes={PageBytes}";
        string[] words = ["-sS", "--fail", "--max-time", "60", "-o", path, "-w", "%{time_total}", url];
        CommandResult curl = await home.Host.RunAsync("curl", words, session.Patience, cancellation: cancellation);
        if (!curl.Succeeded)
            return LabVerdict.Fail(curl.Failure);

        byte[] page = await File.ReadAllBytesAsync(path, cancellation);
        File.Delete(path);
        bool right = LabContent.Digest(page) == LabContent.Digest(LabContent.Make(PageBytes));
        double seconds = double.Parse(curl.Output, CultureInfo.InvariantCulture);
        return LabVerdict.Of(right, $"{page.Length} bytes in {seconds:0.0} s, SHA-256 {(right ? "right" : "wrong")}");
    }
}
