using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Cli.Lab.B4;
using Cgn.Cli.Lab.Peers;

namespace Cgn.Cli.Lab;

/// <summary>Makes the lab and takes it away again.</summary>
/// <param name="topology">What to make.</param>
/// <param name="say">Told in one line what was made.</param>
public sealed class LabBuilder(LabTopology topology, Action<string> say)
{
    private const string Tunnel = "cgn-b4";

    private static readonly (string Name, string Package)[] s_programs =
    [
        ("ip", "iproute2"), ("ethtool", "ethtool"), ("nft", "nftables"), ("setsid", "util-linux"), ("iperf3", "iperf3"),
    ];

    /// <summary>Makes the whole lab; what already stands as wanted stays, anything else is taken down first.</summary>
    /// <param name="b4">`own`, `kernel`, or `auto`: the kernel's where it has ip6tnl.</param>
    /// <returns>True when it made something, false when all stood already.</returns>
    /// <exception cref="LabException">The machine cannot carry the lab; nothing is left behind.</exception>
    public async Task<bool> UpAsync(string b4)
    {
        RequireMachine();
        LabState? standing = LabState.Load();
        if (standing is not null && standing.AccessMtuBytes == topology.AccessMtuBytes
            && (b4 == "auto" || b4 == standing.B4) && Daemons(standing.B4).All(daemon => daemon.Runs)
            && topology.Namespaces.All(space => space.Exists))
        {
            say("the lab stands already");
            return false;
        }

        await DownAsync(_ => { });
        try
        {
            await MakeAsync(b4);
            return true;
        }
        catch
        {
            await DownAsync(_ => { });
            throw;
        }
    }

    /// <summary>
    /// Removes every namespace of the lab with its processes, links and XDP programs, and the state directory.
    /// </summary>
    public static async Task DownAsync(Action<string> say)
    {
        LabTopology any = new(LabTopology.PlainMtuBytes);
        foreach (NetworkNamespace space in any.Namespaces.Where(space => space.Exists))
        {
            await space.DeleteAsync();
            say($"removed {space.Name}");
        }

        if (Directory.Exists(LabState.Folder))
            Directory.Delete(LabState.Folder, recursive: true);
    }

    private static void RequireMachine()
    {
        if (!OperatingSystem.IsLinux())
            throw new LabException("The lab needs Linux: it is made of network namespaces.");
        if (!Environment.IsPrivilegedProcess)
            throw new LabException("The lab needs root, to make network namespaces; try sudo.");
        if (!File.Exists("/dev/net/tun"))
            throw new LabException("The lab needs /dev/net/tun for its B4s; try `modprobe tun`.");
        string[] missing =
        [
            .. s_programs.Where(program => CommandRunner.Find(program.Name) is null).Select(program => program.Package),
        ];
        if (missing.Length > 0)
            throw new LabException($"The lab needs these packages: {string.Join(' ', missing)}; try tools/deps.");
    }

    private async Task MakeAsync(string b4)
    {
        Directory.CreateDirectory(LabState.Folder);
        foreach (NetworkNamespace space in topology.Namespaces)
            await MakeNamespaceAsync(space);
        say($"namespaces {string.Join(' ', topology.Namespaces.Select(space => space.Name))}");

        foreach (VethLink link in topology.Links)
        {
            await link.CreateAsync();
            say(link.ToString());
        }

        foreach ((NetworkNamespace space, string command) in topology.Routes())
            await space.IpAsync(command);
        say("routes");

        LabPeers.Prepare();
        string chosen = await ChooseB4Async(b4);
        foreach (LabHome home in topology.Homes)
            await MakeHomeAsync(home, chosen);
        foreach (Daemon daemon in Daemons(chosen))
        {
            await daemon.StartAsync();
            say($"{daemon.Name} in {daemon.Namespace.Name}");
        }

        new LabState(topology.AccessMtuBytes, chosen).Save();
    }

    private static async Task MakeNamespaceAsync(NetworkNamespace space)
    {
        await space.CreateAsync();
        // Every place of the lab may route, none waits for duplicate address detection, and traceroute is not slowed by
        // error rate limits.
        await space.SetAsync(
            "net/ipv6/conf/all/accept_dad=0", "net/ipv6/conf/default/accept_dad=0", "net/ipv6/conf/all/forwarding=1",
            "net/ipv4/ip_forward=1", "net/ipv4/icmp_ratelimit=0", "net/ipv4/conf/all/rp_filter=0",
            "net/ipv4/conf/default/rp_filter=0");
    }

    private async Task<string> ChooseB4Async(string b4)
    {
        if (b4 == "own")
            return b4;

        const string Probe = "link add cgn-probe type ip6tnl mode ipip6 local ::1 remote ::2 encaplimit none";
        NetworkNamespace home = topology.Homes[0].Router;
        CommandResult made = await CommandRunner.RunAsync("ip", ["-n", home.Name, .. Probe.Split(' ')]);
        if (made.Succeeded)
        {
            await home.IpAsync("link delete cgn-probe");
            return "kernel";
        }

        return b4 == "auto"
            ? "own"
            : throw new LabException($"This kernel has no ip6tnl ({made.Error.Trim()}); use --b4 own.");
    }

    private async Task MakeHomeAsync(LabHome home, string b4)
    {
        if (home.Access == AccessKind.Nat444)
        {
            const string Ruleset =
                "table ip home { chain out { type nat hook postrouting priority 100; oifname \"wan0\" masquerade; }; }";
            (await home.Router.RunAsync("nft", ["-f", "-"], input: Ruleset)).Require();
            say($"{home.Name}: translates to {home.WanAddress}");
        }
        else if (b4 == "kernel")
        {
            string limit = home.EncapsulationLimit?.ToString() ?? "none";
            string ends = $"remote {LabTopology.AftrAddress} local {home.WanAddress} dev wan0";
            await home.Router.IpAsync($"-6 tunnel add {Tunnel} mode ipip6 {ends} encaplimit {limit}");
            await home.Router.IpAsync($"link set {Tunnel} mtu {TunnelMtuBytes(home)} up");
            await home.Router.IpAsync($"address add 192.0.0.2/29 dev {Tunnel}");
            await home.Router.IpAsync($"route add default dev {Tunnel}");
            say($"{home.Name}: the kernel's B4, encapsulation limit {limit}");
        }
    }

    private int TunnelMtuBytes(LabHome home)
    {
        int limitBytes = home.EncapsulationLimit is null ? 0 : B4Options.LimitHeaderBytes;
        int overheadBytes = B4Options.Ipv6HeaderBytes + limitBytes;
        return home.FragmentsOutside
            ? LabTopology.PlainMtuBytes
            : Math.Min(LabTopology.PlainMtuBytes, topology.AccessMtuBytes - overheadBytes);
    }

    private List<Daemon> Daemons(string b4)
    {
        List<Daemon> daemons =
        [
            new(topology.Internet, "servers", SelfCommand.Program, SelfCommand.Words("lab", "servers"), "ready"),
            .. topology.Homes.Select(home => new Daemon(
                topology.Internet,
                $"iperf3-{home.Name}",
                "iperf3",
                ["--server", "--port", $"{home.IperfPort}", "--forceflush"],
                "listening")),
        ];
        daemons.AddRange(LabPeers.Daemons(topology));
        if (b4 == "own")
            daemons.AddRange(topology.Homes.Where(home => home.Access == AccessKind.DsLite).Select(OwnB4));
        return daemons;
    }

    private Daemon OwnB4(LabHome home)
    {
        string[] words =
        [
            "b4", "--aftr", LabTopology.AftrAddress, "--local", home.WanAddress, "--tun", Tunnel, "--device", "wan0",
            "--default-route", "--mtu", $"{TunnelMtuBytes(home)}",
            "--encap-limit", home.EncapsulationLimit?.ToString() ?? "none",
            "--fragment", home.FragmentsOutside ? "outside" : "inside",
        ];
        IReadOnlyList<string> arguments = SelfCommand.Words(words);
        return new Daemon(home.Router, $"b4-{home.Name}", SelfCommand.Program, arguments, $"{Tunnel} up");
    }
}
