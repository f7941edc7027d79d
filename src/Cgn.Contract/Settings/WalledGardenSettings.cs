using Cgn.Wire;

namespace Cgn.Contract.Settings;

/// <summary>
/// What subscribers of a plan with <see cref="PlanSettings.WalledGarden"/> reach, and where their web requests are
/// sent.
/// </summary>
public sealed record WalledGardenSettings
{
    /// <summary>The most bytes of <see cref="Portal"/>, so that an answer fits any path.</summary>
    public const int PortalBytesMax = 512;

    private const ushort DnsPort = 53;

    /// <summary>Absolute URL that web requests are redirected to, in ASCII; empty where there is no garden.</summary>
    public string Portal { get; init; } = "";

    /// <summary>Destinations that are translated as ever.</summary>
    public Ipv4PrefixSetting[] Allow { get; init; } = [];

    /// <summary>Port 53 is among them wherever it is, by UDP and TCP.</summary>
    public bool AllowDns { get; init; } = true;

    /// <summary>
    /// Name under which the portal is told in its query what was asked for; empty when it is not told.
    /// </summary>
    public string OriginalUrlKey { get; init; } = "";

    /// <summary>Segments that the gateway answers itself, a second, all workers together.</summary>
    public int AnswersPerSecond { get; init; } = 10_000;

    /// <summary>Whether a subscriber in the garden may talk to a remote endpoint.</summary>
    /// <param name="address">Remote address.</param>
    /// <param name="protocol">Protocol, as in the IPv4 header.</param>
    /// <param name="port">Remote port; 0 where there is none.</param>
    public bool Allows(uint address, byte protocol, ushort port)
    {
        if (AllowDns && port == DnsPort && (IpProtocol)protocol is IpProtocol.Udp or IpProtocol.Tcp)
            return true;
        foreach (Ipv4PrefixSetting prefix in Allow)
        {
            if (prefix.Contains(address))
                return true;
        }

        return false;
    }
}
