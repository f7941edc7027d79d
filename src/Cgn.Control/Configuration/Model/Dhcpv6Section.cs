using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Tells B4s of the AFTR by stateless DHCPv6 (RFC 6334), for networks whose own server does not.</summary>
public sealed class Dhcpv6Section : ConfigSection
{
    /// <summary>The device that requests come by, from clients or relay agents. Left out: the inside one.</summary>
    [Key("device")]
    public string? Device { get; private set; }

    /// <summary>
    /// The AFTR's name, one, fully qualified (RFC 6334 section 4); its AAAA record leads to an aftr-ipv6-address.
    /// </summary>
    [Key("aftr-name", Required = true)]
    public DomainNameValue AftrName { get; private set; }

    /// <summary>
    /// Clients that ask for it are told that DS-Lite goes before other softwires (RFC 8026, option 111).
    /// </summary>
    [Key("offer-priority")]
    public bool OfferPriority { get; private set; }
}
