namespace Cgn.Cli.Lab;

/// <summary>One home of the lab: a host on a home network, and the router between it and the access network.</summary>
public sealed record LabHome
{
    /// <summary>The name in tables and messages.</summary>
    public required string Name { get; init; }

    /// <summary>How it reaches the gateway.</summary>
    public required AccessKind Access { get; init; }

    /// <summary>The host that people sit at.</summary>
    public required NetworkNamespace Host { get; init; }

    /// <summary>The B4 or the translating router.</summary>
    public required NetworkNamespace Router { get; init; }

    /// <summary>The host's address on the home network.</summary>
    public required string HostAddress { get; init; }

    /// <summary>
    /// Whose packets the gateway itself translates: the host behind a B4, the router where the home translates too.
    /// </summary>
    public NetworkNamespace Customer => Access == AccessKind.DsLite ? Host : Router;

    /// <summary>The IPv4 address of <see cref="Customer"/> that the gateway sees.</summary>
    public string CustomerAddress => Access == AccessKind.DsLite ? HostAddress : WanAddress;

    /// <summary>The router's address on the home network: the host's first hop.</summary>
    public required string RouterAddress { get; init; }

    /// <summary>The router's address on the access network: IPv6 for a B4, shared space otherwise.</summary>
    public required string WanAddress { get; init; }

    /// <summary>The access router's address on the same link.</summary>
    public required string WanNextHop { get; init; }

    /// <summary>Prefix length of the link between the two, bits.</summary>
    public required int WanPrefixLength { get; init; }

    /// <summary>The subscriber as the gateway's logs name it: a prefix for DS-Lite, an address for NAT444.</summary>
    public required string Subscriber { get; init; }

    /// <summary>
    /// The tunnel encapsulation limit that the B4 sends in a destination-options header; null for none (RFC 2473).
    /// </summary>
    public byte? EncapsulationLimit { get; init; }

    /// <summary>True when large packets are fragmented as IPv6 around, false as IPv4 within the softwire.</summary>
    public bool FragmentsOutside { get; init; }

    /// <summary>
    /// An address of the lab's server that only this home calls, where a protocol allows one call at a time.
    /// </summary>
    public required string OwnServer { get; init; }

    /// <summary>The port of this home's own iperf3 server, so that homes can measure side by side.</summary>
    public required int IperfPort { get; init; }
}
