using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Nat;
using Cgn.Softwire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// What is known of the path to each B4 beyond the configuration: its MTU as packet too big has told, kept with the
/// subscriber and so bounded like those (RFC 8201, RFC 2473 6.7).
/// </summary>
internal static class PathMtu
{
    /// <summary>Smaller ones are not believed (RFC 8201 section 4).</summary>
    public const int Min = Ipv6Fragmenter.MtuMin;

    // RFC 8201 section 4: larger packets may be tried again after ten minutes, and not within five.
    private const uint LifeTicks = 600 * Tick.PerSecond;

    /// <summary>Largest softwire packet that reaches a B4 whole, in bytes with its outer header.</summary>
    public static int Of(ref SubscriberRecord subscriber, PipelineSettings settings, uint tick)
    {
        if (subscriber.PathMtu != 0 && tick - subscriber.PathMtuAt >= LifeTicks)
        {
            subscriber.PathMtu = 0;
            subscriber.NextHop = subscriber.NextHopNumber;
        }

        return subscriber.PathMtu == 0 ? settings.TunnelMtu : Math.Min(settings.TunnelMtu, subscriber.PathMtu);
    }

    /// <summary>The same towards a subscriber that may have no record.</summary>
    public static int Towards(in SubscriberKey key, GatewayState state, uint tick)
    {
        uint subscriber = state.Nat.FindSubscriber(key);
        return subscriber == 0
            ? state.Settings.TunnelMtu
            : Of(ref state.Nat.Subscriber(subscriber), state.Settings, tick);
    }

    /// <summary>Largest IPv4 packet that reaches a subscriber whole.</summary>
    public static int RoomFor(ref SubscriberRecord subscriber, PipelineSettings settings, uint tick) =>
        subscriber.Kind == SubscriberKind.DsLite
            ? Of(ref subscriber, settings, tick) - settings.SoftwireForm.HeaderBytes
            : settings.InsideMtu;

    /// <summary>Takes note of a packet too big: it lowers what is known, or confirms it, and never raises it.</summary>
    /// <param name="subscriber">A subscriber behind a softwire.</param>
    /// <param name="mtu">What it says, at least <see cref="Min"/>.</param>
    /// <param name="settings">The configured MTU.</param>
    /// <param name="tick">Now.</param>
    /// <returns>True when it was lowered.</returns>
    public static bool Learn(ref SubscriberRecord subscriber, uint mtu, PipelineSettings settings, uint tick)
    {
        int known = Of(ref subscriber, settings, tick);
        if (mtu > known || (mtu == known && subscriber.PathMtu == 0))
            return false;
        subscriber.PathMtu = (ushort)mtu;
        subscriber.PathMtuAt = tick;
        subscriber.NextHop |= SubscriberRecord.NarrowBit;
        return mtu < known;
    }
}
