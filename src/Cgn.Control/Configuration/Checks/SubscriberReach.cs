using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Whether the gateway serves an address at all.</summary>
internal static class SubscriberReach
{
    /// <summary>Some address of the match lies in a subscriber-match of its kind of access.</summary>
    public static bool IsServed(SubscriberMatch match, GatewayOptions options)
    {
        Ipv6PrefixSetting wanted = match.Setting;
        return match.IsIpv6
            ? (options.DsLite?.SubscriberMatch ?? []).Any(served => Meet(AddressSpace.Setting(served.Prefix), wanted))
            : (options.Nat444?.SubscriberMatch ?? []).Any(served => Meet(Mapped(served), wanted));
    }

    /// <summary>Every address that the gateway serves lies in a match of subscribers.static.</summary>
    public static bool NamesAll(GatewayOptions options)
    {
        Ipv6PrefixSetting[] served =
        [
            .. (options.DsLite?.SubscriberMatch ?? []).Select(static one => AddressSpace.Setting(one.Prefix)),
            .. (options.Nat444?.SubscriberMatch ?? []).Select(Mapped),
        ];
        return served.Length != 0 && served.All(one => options.Subscribers.Static.Any(entry =>
            entry.IsWhole && entry.Match.Setting.Length <= one.Length
            && entry.Match.Setting.Contains(one.High, one.Low)));
    }

    private static Ipv6PrefixSetting Mapped(Ipv4PrefixValue served) =>
        new SubscriberMatch(false, 0, served.Prefix.Address.Value, served.Prefix.Length).Setting;

    private static bool Meet(Ipv6PrefixSetting left, Ipv6PrefixSetting right) =>
        left.Length <= right.Length ? left.Contains(right.High, right.Low) : right.Contains(left.High, left.Low);
}
