using System;

using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Control.Configuration.Values;

/// <summary>
/// Subscribers by address: an IPv6 prefix of softwires' sources, an IPv4 prefix of NAT444 customers, or one address
/// of either.
/// </summary>
/// <param name="IsIpv6">IPv6; else IPv4.</param>
/// <param name="High">Upper half of the network address; 0 for IPv4.</param>
/// <param name="Low">Lower half; the IPv4 address itself for IPv4.</param>
/// <param name="Length">Bits, 0 to 128 or 0 to 32.</param>
public readonly record struct SubscriberMatch(bool IsIpv6, ulong High, ulong Low, int Length)
    : IConfigValue<SubscriberMatch>
{
    private const ulong MappedLow = 0xFFFF_0000_0000;
    private const int MappedBits = 96;

    /// <inheritdoc/>
    public static string Pattern => "^[0-9a-fA-F:.]+(/[0-9]{1,3})?$";

    /// <inheritdoc/>
    public static string Example => "2001:db8:100:200::/56";

    /// <summary>The same as the snapshot has it: IPv4 below ::ffff:0:0/96 (RFC 4291 section 2.5.5.2).</summary>
    public Ipv6PrefixSetting Setting => IsIpv6
        ? new Ipv6PrefixSetting(High, Low, (byte)Length)
        : new Ipv6PrefixSetting(0, MappedLow | Low, (byte)(MappedBits + Length));

    /// <inheritdoc/>
    public static bool TryParse(string text, out SubscriberMatch value, out string fault)
    {
        value = default;
        bool isIpv6 = text.Contains(':', StringComparison.Ordinal);
        string prefix = text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/{(isIpv6 ? 128 : 32)}";
        if (isIpv6)
        {
            if (Ipv6Prefix.TryParse(prefix, out Ipv6Prefix ipv6, out fault))
                value = new SubscriberMatch(true, ipv6.Address.High, ipv6.Address.Low, ipv6.Length);
        }
        else if (Ipv4Prefix.TryParse(prefix, out Ipv4Prefix ipv4, out fault))
        {
            value = new SubscriberMatch(false, 0, ipv4.Address.Value, ipv4.Length);
        }

        return fault.Length == 0;
    }

    /// <summary>As in the file, with its length.</summary>
    public override string ToString() => IsIpv6
        ? $"{new Ipv6Address(High, Low)}/{Length}"
        : $"{new Ipv4Address((uint)Low)}/{Length}";
}
