using System.Threading.Tasks;

namespace Cgn.Cli.Lab;

/// <summary>A virtual Ethernet link between two namespaces.</summary>
/// <param name="Near">The end nearer to the homes.</param>
/// <param name="Far">The end nearer to the Internet.</param>
/// <param name="MtuBytes">The MTU of both ends, bytes.</param>
public sealed record VethLink(VethEnd Near, VethEnd Far, int MtuBytes)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Near.Namespace.Name} {Near.Device} - {Far.Device} {Far.Namespace.Name}, MTU {MtuBytes}";

    /// <summary>
    /// Makes it. Offloads are off at both ends: what crosses has its checksums filled in and is never larger than the
    /// MTU, as on a wire, which is what AF_XDP and libpcap must see.
    /// </summary>
    /// <exception cref="LabException">The kernel refused.</exception>
    public async Task CreateAsync()
    {
        string far = $"{Far.Device} mtu {MtuBytes} netns {Far.Namespace.Name}";
        await Near.Namespace.IpAsync($"link add {Near.Device} mtu {MtuBytes} type veth peer name {far}");
        foreach (VethEnd end in new[] { Near, Far })
        {
            string[] offloads = ["-K", end.Device, "tx", "off", "gso", "off", "tso", "off", "gro", "off"];
            (await end.Namespace.RunAsync("ethtool", offloads)).Require();
            foreach (string address in end.Addresses)
                await end.Namespace.IpAsync($"address add {address} dev {end.Device}");
            await end.Namespace.IpAsync($"link set {end.Device} up");
        }
    }
}
