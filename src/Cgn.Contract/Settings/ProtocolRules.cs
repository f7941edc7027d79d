using System.Runtime.InteropServices;

namespace Cgn.Contract.Settings;

/// <summary>What becomes of protocols beside TCP, UDP and ICMP that have a rule of their own.</summary>
// Without gaps: equal settings are equal bytes, by which a configuration is known again.
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct ProtocolRules
{
    /// <summary>Rules with the defaults of the configuration's documentation.</summary>
    public ProtocolRules()
    {
    }

    /// <summary>UDP-Lite (RFC 3828) is carried, by its ports.</summary>
    public bool CarriesUdpLite { get; set; } = true;

    /// <summary>DCCP (RFC 4340) is carried, by its ports (RFC 5597).</summary>
    public bool CarriesDccp { get; set; } = true;

    /// <summary>SCTP (RFC 9260); carried, its ports and so its CRC stay as they are.</summary>
    public ProtocolRule Sctp { get; set; } = ProtocolRule.Drop;

    /// <summary>GRE (RFC 2784, RFC 2637).</summary>
    public ProtocolRule Gre { get; set; }

    /// <summary>ESP (RFC 4303).</summary>
    public ProtocolRule Esp { get; set; }

    /// <summary>AH (RFC 4302), whose receiver refuses whatever a NAT has changed.</summary>
    public ProtocolRule Ah { get; set; } = ProtocolRule.Drop;

    /// <summary>IPv4 or IPv6 in IPv4: protocols 4, 41 and 94.</summary>
    public ProtocolRule IpInIp { get; set; } = ProtocolRule.Drop;
}
