using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab.Peers;

/// <summary>
/// Servers of Debian's that the lab's Internet runs besides our own, for the protocols that translation breaks:
/// those that are installed are started, and a check whose server is missing is skipped with the package's name.
/// </summary>
public static class LabPeers
{
    /// <summary>The FTP server's program.</summary>
    public const string Ftp = "vsftpd";

    /// <summary>The TFTP server's program.</summary>
    public const string Tftp = "in.tftpd";

    /// <summary>The PPTP server's program.</summary>
    public const string Pptp = "pptpd";

    /// <summary>The file that the servers give, in <see cref="Content"/>.</summary>
    public const string FileName = "page";

    /// <summary>Its size, bytes.</summary>
    public const int FileBytes = 1 << 20;

    private const string Folder = LabState.Folder + "/peers";
    private const string Content = Folder + "/content";
    private const string Empty = Folder + "/empty";
    private const string Stand = Folder + "/call";

    /// <summary>The servers that can run here.</summary>
    /// <param name="topology">The lab; they run in its Internet.</param>
    public static IEnumerable<Daemon> Daemons(LabTopology topology)
    {
        string address = LabTopology.ServerAddress;
        Daemon[] all =
        [
            new(topology.Internet, "ftp", Ftp, [Path.Combine(Folder, "vsftpd.conf")], null),
            new(
                topology.Internet, "tftp", Tftp,
                ["--foreground", "--listen", "--address", $"{address}:69", "--user", "nobody", "--secure", Content],
                null),
            new(
                topology.Internet, "pptp", Pptp,
                ["-f", "-c", Path.Combine(Folder, "pptpd.conf"), "-p", Path.Combine(Folder, "pptpd.pid")], null),
        ];
        return all.Where(static daemon => CommandRunner.Find(daemon.Program) is not null);
    }

    /// <summary>Writes the servers' configurations and what they give.</summary>
    public static void Prepare()
    {
        Directory.CreateDirectory(Content);
        Directory.CreateDirectory(Empty);
        File.WriteAllBytes(Path.Combine(Content, FileName), LabContent.Make(FileBytes));
        File.WriteAllText(Path.Combine(Folder, "vsftpd.conf"), $"""
            listen=YES
            listen_ipv6=NO
            background=NO
            anonymous_enable=YES
            no_anon_password=YES
            anon_root={Content}
            secure_chroot_dir={Empty}
            connect_from_port_20=YES
            seccomp_sandbox=NO
            isolate=NO
            isolate_network=NO

            """);
        // The call itself needs no pppd: what a check looks at is that it is set up, and that its packets arrive.
        File.WriteAllText(Stand, "#!/bin/sh\nstty raw -echo\nexec cat\n");
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(Stand, (UnixFileMode)0b111_101_101);
        File.WriteAllText(Path.Combine(Folder, "pptp-options"), "");
        File.WriteAllText(Path.Combine(Folder, "pptpd.conf"), $"""
            ppp {Stand}
            option {Folder}/pptp-options
            noipparam
            localip 10.77.0.1
            remoteip 10.77.0.10-20
            connections 10

            """);
    }
}
