using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.State.Listings;

/// <summary>Which records a listing shows; all of them where nothing is asked.</summary>
/// <param name="Subscriber">Those of subscribers that have an address in common with this.</param>
/// <param name="External">Those that have this external endpoint.</param>
public sealed record ListingFilter(SubscriberMatch? Subscriber, ExternalMatch? External)
{
    /// <summary>Whether a subscriber is asked for.</summary>
    /// <param name="isIpv6">Behind a softwire; else NAT444.</param>
    /// <param name="high">Upper half of the B4's address; 0 for NAT444.</param>
    /// <param name="low">Lower half; for NAT444 the IPv4 address.</param>
    /// <param name="maskBits">Bits of a B4's address that name the subscriber.</param>
    internal bool Asks(bool isIpv6, ulong high, ulong low, int maskBits)
    {
        if (Subscriber is not { } wanted)
            return true;
        if (wanted.IsIpv6 != isIpv6)
            return false;
        if (!isIpv6)
            return new Ipv4PrefixSetting((uint)wanted.Low, (byte)wanted.Length).Contains((uint)low);
        // An address asked for lies in the subscriber's prefix, or the subscriber in the prefix asked for.
        byte bits = (byte)System.Math.Min(wanted.Length, maskBits);
        return new Ipv6PrefixSetting(wanted.High, wanted.Low, bits).Contains(high, low);
    }

    /// <summary>Whether an external endpoint or range is asked for.</summary>
    internal bool Asks(uint address, ushort first, ushort last) =>
        External is not { } wanted || wanted.Meets(address, first, last);
}
