using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Address ranges with a meaning of their own (RFC 6890).</summary>
internal static class AddressSpace
{
    private static readonly Ipv4Prefix[] s_private =
    [
        Ipv4Prefix.Parse("10.0.0.0/8"), Ipv4Prefix.Parse("172.16.0.0/12"), Ipv4Prefix.Parse("192.168.0.0/16"),
    ];

    private static readonly Ipv4Prefix[] s_never =
    [
        Ipv4Prefix.Parse("0.0.0.0/8"), Ipv4Prefix.Parse("127.0.0.0/8"), Ipv4Prefix.Parse("169.254.0.0/16"),
        Ipv4Prefix.Parse("224.0.0.0/3"),
    ];

    /// <summary>100.64.0.0/10 (RFC 6598).</summary>
    public static Ipv4Prefix Shared { get; } = Ipv4Prefix.Parse("100.64.0.0/10");

    /// <summary>All of it is private (RFC 1918).</summary>
    public static bool IsPrivate(Ipv4Prefix prefix) => s_private.Any(range => range.Contains(prefix));

    /// <summary>Some of it is private or shared (RFC 1918, RFC 6598).</summary>
    public static bool TouchesPrivate(Ipv4Prefix prefix) =>
        Shared.Overlaps(prefix) || s_private.Any(range => range.Overlaps(prefix));

    /// <summary>
    /// Some of it is never forwarded: this network, loopback, link-local, multicast, class E (RFC 1812 5.3.7).
    /// </summary>
    public static bool IsNeverForwarded(Ipv4Prefix prefix) => s_never.Any(range => range.Overlaps(prefix));

    /// <summary>A softwire can't end at it: unspecified, loopback, link-local or multicast (RFC 4291).</summary>
    public static bool IsNoEndpoint(Ipv6Address address) =>
        address.IsMulticast || address.IsLinkLocal || address.IsUnspecified || (address.High == 0 && address.Low == 1);

    public static Ipv4PrefixSetting Setting(Ipv4Prefix prefix) => new(prefix.Address.Value, (byte)prefix.Length);

    public static Ipv6PrefixSetting Setting(Ipv6Prefix prefix) =>
        new(prefix.Address.High, prefix.Address.Low, (byte)prefix.Length);
}
