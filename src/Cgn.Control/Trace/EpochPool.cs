using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Values;
using Cgn.Wire;

namespace Cgn.Control.Trace;

/// <summary>A pool as an epoch records it, with the variables of RFC 7422 section 3.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Outside">Its external prefixes (O).</param>
/// <param name="FirstPort">First port given out.</param>
/// <param name="LastPort">Last port given out.</param>
/// <param name="Reserved">Ports that nobody is given (R).</param>
/// <param name="PortSetSize">Ports of a block, or of an overflow block.</param>
/// <param name="DynamicFactor">Dynamic pool factor (D).</param>
/// <param name="MaxPorts">Ports a subscriber, 0 for no limit (M).</param>
/// <param name="Algorithm">How sets follow from subscribers (A): 0, sequential.</param>
/// <param name="Match">Subscribers that it is for; empty for whoever nothing else names.</param>
public sealed record EpochPool(
    string Id, IReadOnlyList<string> Outside, int FirstPort, int LastPort, string Reserved, int PortSetSize,
    int DynamicFactor, int MaxPorts, int Algorithm, IReadOnlyList<string> Match)
{
    private const int PortMax = 65535;

    internal static EpochPool Of(PoolSettings pool) => new(
        pool.Name, [.. pool.Prefixes.Select(Text)], pool.FirstPort, pool.LastPort, ReservedOf(pool), pool.PortSetSize,
        pool.DynamicFactor, pool.PortsMax, 0, [.. pool.Match.Select(Text)]);

    internal PoolSettings ToSettings() => new(
        Id, [.. Outside.Select(Ipv4)], (ushort)FirstPort, (ushort)LastPort, PortSetSize, 0)
    {
        DynamicFactor = DynamicFactor,
        PortsMax = MaxPorts,
        Match = [.. Match.Select(Setting)],
    };

    internal static string Text(Ipv4PrefixSetting prefix) => $"{new Ipv4Address(prefix.Address)}/{prefix.Length}";

    internal static string Text(Ipv6PrefixSetting prefix) => prefix is { High: 0, Length: >= 96 }
        ? $"{new Ipv4Address((uint)prefix.Low)}/{prefix.Length - 96}"
        : $"{new Ipv6Address(prefix.High, prefix.Low)}/{prefix.Length}";

    internal static Ipv6PrefixSetting Setting(string text) =>
        SubscriberMatch.TryParse(text, out SubscriberMatch match, out _) ? match.Setting : default;

    internal static Ipv4PrefixSetting Ipv4(string text)
    {
        Ipv4Prefix prefix = Ipv4Prefix.Parse(text);
        return new Ipv4PrefixSetting(prefix.Address.Value, (byte)prefix.Length);
    }

    private static string ReservedOf(PoolSettings pool)
    {
        List<string> ranges = [];
        if (pool.FirstPort > 0)
            ranges.Add($"0-{pool.FirstPort - 1}");
        ranges.AddRange(pool.ReservedPorts.Select(static range => $"{range.First}-{range.Last}"));
        if (pool.LastPort < PortMax)
            ranges.Add($"{pool.LastPort + 1}-{PortMax}");
        return string.Join(',', ranges);
    }
}
