using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Peers;
using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// curl gets a file from vsftpd, in active mode with the server calling back through the FTP gateway (PORT and
/// EPRT), or in passive mode (PASV and EPSV).
/// </summary>
/// <param name="active">Who opens the data connection: the server, or the home.</param>
[Shows("ALG-FTP-1")]
[Shows("RFC6333-S8.3-1")]
public sealed class FtpCheck(bool active) : HomeCheck
{
    /// <inheritdoc/>
    public override string Name => active ? "ftp active" : "ftp passive";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session, LabHome home, CancellationToken cancellation)
    {
        if (CommandRunner.Find(LabPeers.Ftp) is null)
            return LabVerdict.Skip("there is no vsftpd; install it");

        string own = home.CustomerAddress;
        string[][] ways = active
            ? [["--ftp-port", own], ["--ftp-port", own, "--disable-eprt"]]
            : [[], ["--disable-epsv"]];
        string wanted = LabContent.Digest(LabContent.Make(LabPeers.FileBytes));
        foreach (string[] way in ways)
        {
            string path = Path.Combine(session.Folder, $"ftp-{home.Name}");
            string url = $"ftp://{LabTopology.ServerAddress}/{LabPeers.FileName}";
            string[] words = ["-sS", "--max-time", "30", .. way, "-o", path, url];
            CommandResult curl = await home.Customer.RunAsync(
                "curl", words, session.Patience, cancellation: cancellation);
            if (!curl.Succeeded)
                return LabVerdict.Fail(curl.Failure);
            byte[] page = await File.ReadAllBytesAsync(path, cancellation);
            File.Delete(path);
            if (LabContent.Digest(page) != wanted)
                return LabVerdict.Fail($"{page.Length} bytes {string.Join(' ', way)}, SHA-256 wrong");
        }

        return LabVerdict.Pass($"{LabPeers.FileBytes} bytes by {(active ? "EPRT and PORT" : "EPSV and PASV")}");
    }
}
