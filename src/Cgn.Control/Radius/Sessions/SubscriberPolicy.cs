using System;
using System.Collections.Generic;

using Cgn.Control.Dhcpv6;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Wire;

namespace Cgn.Control.Radius.Sessions;

/// <summary>What a server has said about a subscriber; what it left out is null or empty.</summary>
internal sealed record SubscriberPolicy
{
    /// <summary>Name of the plan (Filter-Id); null: the default plan.</summary>
    public string? Plan { get; init; }

    /// <summary>Name of the pool (Framed-Pool).</summary>
    public string? Pool { get; init; }

    /// <summary>IPv4 towards the Internet, in bits a second, in place of the plan's.</summary>
    public ulong? RateUp { get; init; }

    /// <summary>IPv4 towards the subscriber, in bits a second, in place of the plan's.</summary>
    public ulong? RateDown { get; init; }

    /// <summary>Service at most.</summary>
    public TimeSpan? SessionTimeout { get; init; }

    /// <summary>Time without traffic at most.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>When the session's time is over the server is asked again, instead of the session ended.</summary>
    public bool AsksAgain { get; init; }

    /// <summary>Time between two interim records that the server wishes.</summary>
    public TimeSpan? InterimInterval { get; init; }

    /// <summary>External ports at most, in place of the plan's; ports of static mappings do not count.</summary>
    public IReadOnlyList<IpPortLimitInfo> PortLimits { get; init; } = [];

    /// <summary>Static mappings.</summary>
    public IReadOnlyList<IpPortForwardingMap> Forwardings { get; init; } = [];

    /// <summary>The AFTR's name (RFC 6519); kept for the session.</summary>
    public DomainName? TunnelName { get; init; }

    /// <summary>The subscriber's name in accounting, where it differs from what was asked.</summary>
    public string? UserName { get; init; }

    /// <summary>Opaque values for accounting (RFC 2865 §5.25), in their order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Classes { get; init; } = [];

    /// <summary>Opaque, sent with the next Access-Request when the session's time is over (RFC 2865 §5.24).</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Chargeable-User-Identity for accounting (RFC 4372).</summary>
    public ReadOnlyMemory<byte> ChargeableUser { get; init; }

    /// <summary>Prefix that the server knows as the subscriber's (RFC 4818).</summary>
    public Ipv6Prefix? DelegatedPrefix { get; init; }

    /// <summary>What the server says about the subscriber's IPv6 access (RFC 3162, RFC 6911), for whoever gives it out
    /// on the access network; the gateway itself gives out no IPv6.</summary>
    public IReadOnlyList<RadiusAttribute> Ipv6Access { get; init; } = [];
}
