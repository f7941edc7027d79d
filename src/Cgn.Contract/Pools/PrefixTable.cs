using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Contract.Pools;

/// <summary>
/// A value for each of some prefixes of subscribers; of those that hold a subscriber the longest decides. An IPv4
/// prefix stands below ::ffff:0:0/96.
/// </summary>
/// <typeparam name="T">What is found.</typeparam>
public sealed class PrefixTable<T>
{
    private const ulong MappedIpv4 = 0x0000FFFF00000000;

    private readonly Dictionary<(ulong High, ulong Low, int Length), T> _values = [];
    private readonly List<int> _lengths = [];

    /// <summary>Nothing is in it.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>Puts a value at a prefix, in place of one that is there.</summary>
    /// <param name="prefix">IPv6, or IPv4 mapped.</param>
    /// <param name="value">What is to be found.</param>
    public void Put(Ipv6PrefixSetting prefix, T value)
    {
        _values[Masked(prefix.High, prefix.Low, prefix.Length)] = value;
        if (_lengths.Contains(prefix.Length))
            return;
        _lengths.Add(prefix.Length);
        _lengths.Sort(static (left, right) => right.CompareTo(left));
    }

    /// <summary>Finds the value of the longest prefix that holds a subscriber.</summary>
    /// <param name="kind">DS-Lite or NAT444.</param>
    /// <param name="high">Upper half of the subscriber's key; 0 for NAT444.</param>
    /// <param name="low">Lower half; for NAT444 the customer's IPv4 address.</param>
    /// <param name="value">What was found.</param>
    /// <returns>False when no prefix holds it.</returns>
    public bool TryFind(SubscriberKind kind, ulong high, ulong low, out T? value)
    {
        ulong mapped = kind == SubscriberKind.Nat444 ? low | MappedIpv4 : low;
        foreach (int length in _lengths)
        {
            if (_values.TryGetValue(Masked(high, mapped, length), out value))
                return true;
        }

        value = default;
        return false;
    }

    private static (ulong High, ulong Low, int Length) Masked(ulong high, ulong low, int length) =>
        (high & LeadingOnes(length), low & LeadingOnes(length - 64), length);

    private static ulong LeadingOnes(int bits) =>
        bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - bits);
}
