using System.Collections.Generic;
using System.Linq;

namespace Cgn.Cli.Lab;

/// <summary>
/// The lab's network: who is there, what hangs on what, and which way leads where.
/// <code>
/// host1 - home1 (B4) -----+
/// host2 - home2 (B4) -----+- access -- cgn-in0 gw cgn-out0 -- isp -- transit -- inet
/// host3 - home3 (NAT) ----+
/// </code>
/// All addresses are documentation and shared space. The two B4 homes use the same private network on purpose.
/// </summary>
public sealed class LabTopology
{
    /// <summary>
    /// The AFTR's softwire address; the gateway's kernel does not own it, networks reach it by a route to the box.
    /// </summary>
    public const string AftrAddress = "2001:db8:ffff::1";

    /// <summary>The AFTR's own address inside every softwire (RFC 6333, section 5.7).</summary>
    public const string AftrInnerAddress = "192.0.0.1";

    /// <summary>The pool that the gateway translates to.</summary>
    public const string Pool = "203.0.113.0/28";

    /// <summary>A second pool that leads to the gateway too, for configurations that take it in later.</summary>
    public const string SecondPool = "203.0.113.16/28";

    /// <summary>The lab's web, echo and measuring server.</summary>
    public const string ServerAddress = "198.51.100.10";

    /// <summary>The lab's name server.</summary>
    public const string NameServerAddress = "198.51.100.53";

    /// <summary>The MTU of a plain IPv4 link, bytes.</summary>
    public const int PlainMtuBytes = 1500;

    private const string GatewayInside6 = "2001:db8:0:1::1";
    private const string AccessInside6 = "2001:db8:0:1::2";
    private const string GatewayInside4 = "172.16.0.1";
    private const string AccessInside4 = "172.16.0.2";
    private const string GatewayOutside = "192.0.2.1";
    private const string IspOutside = "192.0.2.2";
    private const string IspCore = "192.0.2.5";
    private const string TransitCore = "192.0.2.6";
    private const string TransitServers = "198.51.100.1";

    /// <summary>Draws the network for one MTU of the access links.</summary>
    /// <param name="accessMtuBytes">1540 lets 1500-byte packets through whole; with 1500 softwires must
    /// fragment.</param>
    public LabTopology(int accessMtuBytes)
    {
        AccessMtuBytes = accessMtuBytes;
        Homes =
        [
            DsLiteHome(1, encapsulationLimit: null, fragmentsOutside: false),
            DsLiteHome(2, encapsulationLimit: 4, fragmentsOutside: true),
            Nat444Home(3),
        ];
        Namespaces =
        [
            .. Homes.SelectMany(home => new[] { home.Host, home.Router }), Access, Gateway, Isp, Transit, Internet,
        ];
        Links = [.. Homes.SelectMany(HomeLinks), .. CoreLinks()];
    }

    /// <summary>The MTU of the links between homes, access router and gateway, bytes.</summary>
    public int AccessMtuBytes { get; }

    /// <summary>The homes, in the order of tables.</summary>
    public IReadOnlyList<LabHome> Homes { get; }

    /// <summary>Every namespace of the lab.</summary>
    public IReadOnlyList<NetworkNamespace> Namespaces { get; }

    /// <summary>Every link of the lab.</summary>
    public IReadOnlyList<VethLink> Links { get; }

    /// <summary>The access network's router: the gateway's next hop inside.</summary>
    public NetworkNamespace Access { get; } = new("cgn-access");

    /// <summary>Where the gateway runs.</summary>
    public NetworkNamespace Gateway { get; } = new("cgn-gw");

    /// <summary>The provider's router: the gateway's next hop outside.</summary>
    public NetworkNamespace Isp { get; } = new("cgn-isp");

    /// <summary>One more router on the way.</summary>
    public NetworkNamespace Transit { get; } = new("cgn-transit");

    /// <summary>The Internet's servers.</summary>
    public NetworkNamespace Internet { get; } = new("cgn-inet");

    /// <summary>
    /// Routes beyond the links' own, as `ip` takes them: for each a namespace and the words after `ip`.
    /// </summary>
    public IEnumerable<(NetworkNamespace Namespace, string Command)> Routes()
    {
        foreach (LabHome home in Homes)
        {
            string family = home.Access == AccessKind.DsLite ? "-6 " : "";
            yield return (home.Host, $"route add default via {home.RouterAddress}");
            yield return (home.Router, $"{family}route add default via {home.WanNextHop}");
        }

        yield return (Access, $"-6 route add default via {GatewayInside6}");
        yield return (Access, $"route add default via {GatewayInside4}");
        yield return (Gateway, $"-6 route add 2001:db8:100::/40 via {AccessInside6}");
        yield return (Gateway, $"route add 100.64.0.0/10 via {AccessInside4}");
        yield return (Gateway, $"route add default via {IspOutside}");
        yield return (Isp, $"route add {Pool} via {GatewayOutside}");
        yield return (Isp, $"route add {SecondPool} via {GatewayOutside}");
        yield return (Isp, $"route add 198.51.100.0/24 via {TransitCore}");
        yield return (Transit, $"route add {Pool} via {IspCore}");
        yield return (Transit, $"route add {SecondPool} via {IspCore}");
        yield return (Transit, $"route add 192.0.2.0/30 via {IspCore}");
        yield return (Internet, $"route add default via {TransitServers}");
    }

    /// <summary>
    /// The hops that a host's traceroute to <see cref="ServerAddress"/> passes; null stands for the gateway, whose
    /// answer may come from any address of its own.
    /// </summary>
    public static IReadOnlyList<string?> HopsFrom(LabHome home) => home.Access == AccessKind.DsLite
        ? [home.RouterAddress, null, IspOutside, TransitCore, ServerAddress]
        : [home.RouterAddress, home.WanNextHop, null, IspOutside, TransitCore, ServerAddress];

    private IEnumerable<string> OwnServers() => Homes.Select(home => $"{home.OwnServer}/24");

    private static string OwnServer(int number) => $"198.51.100.{100 + number}";

    private static LabHome DsLiteHome(int number, byte? encapsulationLimit, bool fragmentsOutside) => new()
    {
        Name = $"home{number}",
        Access = AccessKind.DsLite,
        Host = new NetworkNamespace($"cgn-host{number}"),
        Router = new NetworkNamespace($"cgn-home{number}"),
        HostAddress = "192.168.1.10",
        RouterAddress = "192.168.1.1",
        WanAddress = $"2001:db8:100:{number}00::2",
        WanNextHop = $"2001:db8:100:{number}00::1",
        WanPrefixLength = 64,
        Subscriber = $"2001:db8:100:{number}00::/56",
        EncapsulationLimit = encapsulationLimit,
        FragmentsOutside = fragmentsOutside,
        IperfPort = 5200 + number,
        OwnServer = OwnServer(number),
    };

    private static LabHome Nat444Home(int number) => new()
    {
        Name = $"home{number}",
        Access = AccessKind.Nat444,
        Host = new NetworkNamespace($"cgn-host{number}"),
        Router = new NetworkNamespace($"cgn-home{number}"),
        HostAddress = $"192.168.{number}.10",
        RouterAddress = $"192.168.{number}.1",
        WanAddress = "100.64.0.10",
        WanNextHop = "100.64.0.1",
        WanPrefixLength = 24,
        Subscriber = "100.64.0.10",
        IperfPort = 5200 + number,
        OwnServer = OwnServer(number),
    };

    private IEnumerable<VethLink> HomeLinks(LabHome home)
    {
        yield return new VethLink(
            new VethEnd(home.Host, "eth0", [$"{home.HostAddress}/24"]),
            new VethEnd(home.Router, "lan0", [$"{home.RouterAddress}/24"]),
            PlainMtuBytes);
        yield return new VethLink(
            new VethEnd(home.Router, "wan0", [$"{home.WanAddress}/{home.WanPrefixLength}"]),
            new VethEnd(Access, $"to-{home.Name}", [$"{home.WanNextHop}/{home.WanPrefixLength}"]),
            AccessMtuBytes);
    }

    private IEnumerable<VethLink> CoreLinks()
    {
        yield return new VethLink(
            new VethEnd(Access, "to-gw", [$"{AccessInside6}/64", $"{AccessInside4}/30"]),
            new VethEnd(Gateway, "cgn-in0", [$"{GatewayInside6}/64", $"{GatewayInside4}/30"]),
            AccessMtuBytes);
        yield return new VethLink(
            new VethEnd(Gateway, "cgn-out0", [$"{GatewayOutside}/30"]),
            new VethEnd(Isp, "to-gw", [$"{IspOutside}/30"]),
            PlainMtuBytes);
        yield return new VethLink(
            new VethEnd(Isp, "to-transit", [$"{IspCore}/30"]),
            new VethEnd(Transit, "to-isp", [$"{TransitCore}/30"]),
            PlainMtuBytes);
        yield return new VethLink(
            new VethEnd(Transit, "to-inet", [$"{TransitServers}/24"]),
            new VethEnd(Internet, "eth0", [$"{ServerAddress}/24", $"{NameServerAddress}/24", .. OwnServers()]),
            PlainMtuBytes);
    }
}
