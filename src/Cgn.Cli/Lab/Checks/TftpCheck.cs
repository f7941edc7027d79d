using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Peers;
using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>curl gets a file from a TFTP server, which answers from a port of its own choice (RFC 1350).</summary>
public sealed class TftpCheck : HomeCheck
{
    /// <inheritdoc/>
    public override string Name => "tftp";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session, LabHome home, CancellationToken cancellation)
    {
        if (CommandRunner.Find(LabPeers.Tftp) is null)
            return LabVerdict.Skip("there is no in.tftpd; install tftpd-hpa");

        string path = Path.Combine(session.Folder, $"tftp-{home.Name}");
        string url = $"tftp://{LabTopology.ServerAddress}/{LabPeers.FileName}";
        CommandResult curl = await home.Customer.RunAsync(
            "curl", ["-sS", "--max-time", "30", "-o", path, url], session.Patience, cancellation: cancellation);
        if (!curl.Succeeded)
            return LabVerdict.Fail(curl.Failure);
        byte[] page = await File.ReadAllBytesAsync(path, cancellation);
        File.Delete(path);
        bool right = LabContent.Digest(page) == LabContent.Digest(LabContent.Make(LabPeers.FileBytes));
        return LabVerdict.Of(right, $"{page.Length} bytes, SHA-256 {(right ? "right" : "wrong")}");
    }
}
