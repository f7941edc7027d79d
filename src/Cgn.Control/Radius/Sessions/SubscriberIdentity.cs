using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Control.Radius.Sessions;

/// <summary>A subscriber, as its first packet shows it.</summary>
/// <param name="Kind">DS-Lite or NAT444.</param>
/// <param name="Prefix">Of DS-Lite the B4's prefix of subscriber-mask-v6 bits (RFC 7785).</param>
/// <param name="B4">Of DS-Lite the B4's address.</param>
/// <param name="Ipv4">Of NAT444 the customer's address.</param>
internal sealed record SubscriberIdentity(
    SubscriberKind Kind, Ipv6Prefix Prefix = default, Ipv6Address B4 = default, Ipv4Address Ipv4 = default)
{
    private const int LinkPrefixBits = 64;

    /// <summary>What the subscriber's session is found by.</summary>
    public SubscriberId Key => Kind == SubscriberKind.DsLite
        ? new SubscriberId(Kind, Prefix.Address.High, Prefix.Address.Low)
        : new SubscriberId(Kind, 0, Ipv4.Value);

    /// <summary>The subscriber's name to servers that have not given it another: its prefix or address.</summary>
    public string Name => Kind == SubscriberKind.DsLite ? Prefix.ToString() : Ipv4.ToString();

    /// <summary>Where it calls from, as Calling-Station-Id has it: the B4's or the customer's address.</summary>
    public string Station => Kind == SubscriberKind.DsLite ? B4.ToString() : Ipv4.ToString();

    /// <summary>Its port, as NAS-Port-Id has it: the softwire or the customer's line, each of them one port.</summary>
    public string Port => (Kind == SubscriberKind.DsLite ? "softwire " : "nat444 ") + Station;

    /// <summary>Of DS-Lite the prefix of the access line that the B4's address is from (Framed-IPv6-Prefix).</summary>
    public Ipv6Prefix LinkPrefix =>
        Ipv6Prefix.Around(B4, Prefix.Length > LinkPrefixBits ? Prefix.Length : LinkPrefixBits);

    /// <summary>A DS-Lite subscriber.</summary>
    /// <param name="b4">The B4's address.</param>
    /// <param name="maskBits">Bits of it that name the subscriber, 1 to 128.</param>
    public static SubscriberIdentity DsLite(Ipv6Address b4, int maskBits) =>
        new(SubscriberKind.DsLite, Ipv6Prefix.Around(b4, maskBits), b4);

    /// <summary>A NAT444 subscriber.</summary>
    /// <param name="address">The customer's address.</param>
    public static SubscriberIdentity Nat444(Ipv4Address address) => new(SubscriberKind.Nat444, Ipv4: address);
}
