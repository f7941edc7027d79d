using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// A hop of 1280 bytes on one side, which says so by packet-too-big or fragmentation-needed: large files go through
/// it both ways, because the gateway learns from the one and translates the other (RFC 2473 section 8, RFC 5508,
/// RFC 8201).
/// </summary>
/// <param name="inside">The narrow hop is in the access network, else in the Internet.</param>
[Shows("RFC7021-FILE")]
public sealed class PathMtuCheck(bool inside) : ILabCheck
{
    private const int NarrowBytes = 1280;

    /// <inheritdoc/>
    public string Name => inside ? "1280 inside" : "1280 outside";

    /// <inheritdoc/>
    public bool AppliesTo(LabHome? home) => home is null;

    /// <inheritdoc/>
    public async Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        await NarrowAsync(session.Topology, NarrowBytes);
        try
        {
            List<string> seen = [];
            foreach (LabHome each in session.Topology.Homes)
            {
                foreach (HomeCheck transfer in (HomeCheck[])[new PageCheck(), new UploadCheck()])
                {
                    LabVerdict verdict = await transfer.RunAsync(session, each, cancellation);
                    if (verdict.Outcome != LabOutcome.Passed)
                        return LabVerdict.Fail($"{each.Name}, {transfer.Name}: {verdict.Detail}");
                    seen.Add($"{each.Name} {transfer.Name}: {verdict.Detail}");
                }
            }

            return LabVerdict.Pass(string.Join("; ", seen));
        }
        finally
        {
            await NarrowAsync(session.Topology, null);
            foreach (NetworkNamespace space in session.Topology.Namespaces)
                await space.ForgetPathsAsync();
        }
    }

    // Both ends of a link: a veth drops what is larger than its own MTU on its way in, too.
    private async Task NarrowAsync(LabTopology topology, int? bytes)
    {
        if (!inside)
        {
            await topology.Isp.IpAsync($"link set to-transit mtu {bytes ?? LabTopology.PlainMtuBytes}");
            await topology.Transit.IpAsync($"link set to-isp mtu {bytes ?? LabTopology.PlainMtuBytes}");
            return;
        }

        foreach (LabHome home in topology.Homes)
        {
            await topology.Access.IpAsync($"link set to-{home.Name} mtu {bytes ?? topology.AccessMtuBytes}");
            await home.Router.IpAsync($"link set wan0 mtu {bytes ?? topology.AccessMtuBytes}");
        }
    }
}
