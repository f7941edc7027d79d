using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>RADIUS.</summary>
public sealed class RadiusSection : ConfigSection
{
    /// <summary>Where subscribers are authorised (RFC 2865).</summary>
    [Key("authentication")]
    public RadiusAuthenticationSection? Authentication { get; private set; }

    /// <summary>Where their traffic is accounted (RFC 2866).</summary>
    [Key("accounting")]
    public RadiusAccountingSection? Accounting { get; private set; }

    /// <summary>Where changes and disconnections come from (RFC 5176).</summary>
    [Key("dynamic-authorization")]
    public RadiusListenSection? DynamicAuthorization { get; private set; }

    /// <summary>Where access gateways' accounting is learnt from. Left out: nowhere.</summary>
    [Key("learning")]
    public RadiusLearningSection? Learning { get; private set; }

    /// <summary>The gateway's NAS-Identifier. Left out: gateway.name.</summary>
    [Key("nas-identifier")]
    public string? NasIdentifier { get; private set; }

    /// <summary>The gateway's NAS-IP-Address. Left out: none is sent.</summary>
    [Key("nas-ip-address")]
    public Ipv4AddressValue? NasIpAddress { get; private set; }

    /// <summary>The gateway's NAS-IPv6-Address. Left out: none is sent.</summary>
    [Key("nas-ipv6-address")]
    public Ipv6AddressValue? NasIpv6Address { get; private set; }

    /// <summary>How long answers are waited for.</summary>
    [Key("retransmission")]
    public RadiusRetransmissionSection Retransmission { get; private set; } = new();

    /// <summary>Requests that may wait for an answer at a time, for each purpose.</summary>
    [Key("outstanding", Min = "1", Max = "65536", Unit = "requests")]
    public int Outstanding { get; private set; } = 1024;

    /// <summary>Subscribers that nothing in the configuration names wait for what RADIUS says of them.</summary>
    /// <param name="options">The configuration.</param>
    public static bool AsksUnknown(GatewayOptions options) => options.Radius is { } radius
        && (radius.Authentication is not null
            || (radius.Learning is not null && options.Subscribers.DefaultPlan is null));
}
