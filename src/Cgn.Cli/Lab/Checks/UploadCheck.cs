using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>curl sends a megabyte, and the server saw every byte of it as it was.</summary>
public sealed class UploadCheck : HomeCheck
{
    private const int PageBytes = 1 << 20;

    /// <inheritdoc/>
    public override string Name => "page up";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        string path = Path.Combine(session.Folder, $"upload-{home.Name}");
        byte[] page = LabContent.Make(PageBytes);
        await File.WriteAllBytesAsync(path, page, cancellation);
        string url = $"http://{LabTopology.ServerAddress}/digest";
        string[] words = ["-sS", "--fail", "--max-time", "60", "--data-binary", $"@{path}", url];
        CommandResult curl = await home.Host.RunAsync("curl", words, session.Patience, cancellation: cancellation);
        File.Delete(path);
        if (!curl.Succeeded)
            return LabVerdict.Fail(curl.Failure);

        bool right = curl.Output.Trim() == LabContent.Digest(page);
        return LabVerdict.Of(right, $"{PageBytes} bytes, SHA-256 {(right ? "right" : "wrong")}");
    }
}
