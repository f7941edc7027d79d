using System.Net;

namespace Cgn.Cli.Lab.B4;

/// <summary>What a B4 needs to know (RFC 6333, section 5).</summary>
public sealed record B4Options
{
    /// <summary>Bytes that an IPv6 header adds to a packet.</summary>
    public const int Ipv6HeaderBytes = 40;

    /// <summary>
    /// Bytes that a destination-options header with nothing but an encapsulation limit adds (RFC 2473, section 5.1).
    /// </summary>
    public const int LimitHeaderBytes = 8;

    /// <summary>The softwire's far end.</summary>
    public required IPAddress Aftr { get; init; }

    /// <summary>The softwire's near end: an address of this machine.</summary>
    public required IPAddress Local { get; init; }

    /// <summary>The TUN device that IPv4 goes into.</summary>
    public required string TunName { get; init; }

    /// <summary>The B4's address inside the softwire, with its prefix length (RFC 6333, section 5.7).</summary>
    public required string InnerAddress { get; init; }

    /// <summary>
    /// The TUN device's MTU, bytes; null: what fits the local link unfragmented, or 1500 when fragmenting outside.
    /// </summary>
    public int? MtuBytes { get; init; }

    /// <summary>The tunnel encapsulation limit to send; null for no destination-options header.</summary>
    public byte? EncapsulationLimit { get; init; }

    /// <summary>
    /// True: large IPv4 packets stay whole and the IPv6 packets around them are fragmented (RFC 6333, section 5.3).
    /// </summary>
    public bool FragmentsOutside { get; init; }

    /// <summary>The only interface to send by and receive from; null: whichever the route takes.</summary>
    public string? Device { get; init; }

    /// <summary>True: IPv4's default route is laid into the TUN device.</summary>
    public bool TakesDefaultRoute { get; init; }

    /// <summary>Bytes that the softwire adds to each packet.</summary>
    public int OverheadBytes => Ipv6HeaderBytes + (EncapsulationLimit is null ? 0 : LimitHeaderBytes);
}
