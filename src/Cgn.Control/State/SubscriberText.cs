using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Control.State;

/// <summary>Subscribers as logs and listings name them.</summary>
public static class SubscriberText
{
    /// <summary>The B4's prefix of the subscriber mask, or the NAT444 customer's IPv4 address.</summary>
    /// <param name="kind">How the subscriber is attached.</param>
    /// <param name="high">Upper half of the B4's address or prefix.</param>
    /// <param name="low">Lower half, or the IPv4 address.</param>
    /// <param name="maskBits">Bits of a B4's address that name the subscriber.</param>
    public static string Name(SubscriberKind kind, ulong high, ulong low, int maskBits) => kind == SubscriberKind.Nat444
        ? new Ipv4Address((uint)low).ToString()
        : Ipv6Prefix.Around(new Ipv6Address(high, low), maskBits).ToString();

    /// <summary>The kind's name: ds-lite or nat444.</summary>
    /// <param name="kind">Any.</param>
    public static string Name(SubscriberKind kind) => kind switch
    {
        SubscriberKind.DsLite => "ds-lite",
        SubscriberKind.Nat444 => "nat444",
        _ => "none",
    };
}
