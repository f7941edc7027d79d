using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Nat;

/// <summary>Which transport protocols are carried at all (RFC 6888 REQ-1): asked for first packets only.</summary>
public static class ProtocolPolicy
{
    // BBN's and the IETF's IP within IP: 4 and 94 mean the same.
    private const byte IpWithinIp = 94;

    /// <summary>Packets of a protocol may begin a session.</summary>
    /// <param name="protocol">As in the IPv4 header.</param>
    /// <param name="settings">The configuration.</param>
    public static bool Carries(byte protocol, in GatewaySettings settings) => (IpProtocol)protocol switch
    {
        IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Icmp => true,
        IpProtocol.UdpLite => settings.Protocols.CarriesUdpLite,
        IpProtocol.Dccp => settings.Protocols.CarriesDccp,
        // A NAT is no multicast router (RFC 5135 says what else it would have to do).
        IpProtocol.Igmp => false,
        IpProtocol.Sctp => Carries(settings.Protocols.Sctp, settings.OtherProtocols),
        IpProtocol.Gre => Carries(settings.Protocols.Gre, settings.OtherProtocols),
        IpProtocol.Esp => Carries(settings.Protocols.Esp, settings.OtherProtocols),
        IpProtocol.Ah => Carries(settings.Protocols.Ah, settings.OtherProtocols),
        IpProtocol.Ipv4 or IpProtocol.Ipv6 or (IpProtocol)IpWithinIp =>
            Carries(settings.Protocols.IpInIp, settings.OtherProtocols),
        _ => Carries(ProtocolRule.AsOther, settings.OtherProtocols),
    };

    private static bool Carries(ProtocolRule rule, OtherProtocols others) =>
        rule == ProtocolRule.AsOther ? others == OtherProtocols.AddressOnly : rule == ProtocolRule.AddressOnly;
}
