using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Nat;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>The softwire packet of ours that an ICMPv6 error quotes, as far as it is quoted (RFC 2473 section
/// 8).</summary>
/// <param name="B4">Where it was going.</param>
/// <param name="Key">The subscriber that this names.</param>
/// <param name="InnerAt">Where the inner packet begins in the quote; -1 when a later fragment is quoted.</param>
internal readonly record struct QuotedSoftwire(Ipv6Address B4, SubscriberKey Key, int InnerAt)
{
    /// <summary>Reads a quote: from one of our AFTR addresses, an IPv4 packet behind whatever headers.</summary>
    public static bool TryRead(Span<byte> quote, PipelineSettings settings, out QuotedSoftwire quoted)
    {
        quoted = default;
        if (!TryReadKey(quote, settings, out SubscriberKey key))
            return false;
        Ipv6Address b4 = Ipv6Address.Read(quote[24..]);
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(quote);
        if (walk.Kind == Ipv6WalkKind.Fragment)
        {
            if (!Ipv6FragmentView.TryOpen(quote[walk.Offset..], out Ipv6FragmentView fragment, out _))
                return false;
            if (fragment.FragmentOffsetBytes != 0)
            {
                quoted = new QuotedSoftwire(b4, key, -1);
                return fragment.NextHeader is IpProtocol.Ipv4 or IpProtocol.DestinationOptions;
            }

            walk = Ipv6ExtensionWalk.BehindFragment(quote, walk.Offset);
        }

        quoted = new QuotedSoftwire(b4, key, walk.Offset);
        return walk.Kind == Ipv6WalkKind.Upper && walk.Protocol == IpProtocol.Ipv4;
    }

    /// <summary>Only whose it is: enough to bring the error to the subscriber's worker.</summary>
    public static bool TryReadKey(ReadOnlySpan<byte> quote, PipelineSettings settings, out SubscriberKey key)
    {
        key = default;
        if (quote.Length < Ipv6View.HeaderSize || quote[0] >> 4 != 6
            || !IsOurs(Ipv6Address.Read(quote[8..]), settings.AftrAddresses))
        {
            return false;
        }

        Ipv6Address b4 = Ipv6Address.Read(quote[24..]);
        key = new SubscriberKey(b4.High & settings.KeyMaskHigh, b4.Low & settings.KeyMaskLow, SubscriberKind.DsLite);
        return true;
    }

    /// <summary>Whose the packet is that an ICMPv6 error quotes.</summary>
    /// <param name="packet">An IPv6 packet to one of our addresses.</param>
    /// <param name="settings">Which they are.</param>
    /// <param name="key">Whose; nobody's when the packet is no such error.</param>
    public static bool TryReadKeyOfError(Span<byte> packet, PipelineSettings settings, out SubscriberKey key)
    {
        key = default;
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(packet);
        return walk.Kind == Ipv6WalkKind.Upper && walk.Protocol == IpProtocol.Icmpv6
            && Icmpv6View.TryOpen(packet[walk.Offset..], out Icmpv6View message, out _) && message.IsError
            && TryReadKey(message.QuotedPacket, settings, out key);
    }

    private static bool IsOurs(Ipv6Address source, Ipv6PrefixSetting[] addresses)
    {
        foreach (ref readonly Ipv6PrefixSetting aftr in addresses.AsSpan())
        {
            if (aftr.High == source.High && aftr.Low == source.Low)
                return true;
        }

        return false;
    }
}
