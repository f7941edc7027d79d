using System;
using System.Runtime.CompilerServices;

using Cgn.Memory;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>Puts an IPv4 packet into a softwire: the outer IPv6 header goes into the bytes in front of it (RFC 2473
/// §3.1, RFC 6333).</summary>
public static class Encapsulator
{
    /// <summary>Bytes that a softwire adds. No tunnel encapsulation limit option is ever sent: many B4s refuse it (RFC
    /// 2473 §4.1.1).</summary>
    public const int HeaderSize = Ipv6View.HeaderSize;

    /// <summary>Hop limit of every softwire packet, whatever the inner time to live (RFC 2473 §6.3).</summary>
    public const byte HopLimit = 64;

    private const byte EcnMask = 3;

    /// <summary>Writes the outer header. The inner packet's time to live has been decremented by then (RFC 2473
    /// §3.1).</summary>
    /// <param name="header">The <see cref="HeaderSize"/> bytes in front of the inner packet.</param>
    /// <param name="inner">The inner packet, exactly as long as its total length says, link padding cut off; up to
    /// 65,535 bytes.</param>
    /// <param name="sourceHigh">Bits 127 to 64 of the address that the B4 knows us by, host order.</param>
    /// <param name="sourceLow">Bits 63 to 0 of it.</param>
    /// <param name="destinationHigh">Bits 127 to 64 of the B4's address, host order.</param>
    /// <param name="destinationLow">Bits 63 to 0 of it.</param>
    /// <param name="trafficClass">DSCP, 0 to 63, or -1 to copy the inner one (RFC 6333 §7.1, RFC 2983 §3.1).</param>
    /// <param name="flowLabel">0 to 2^20 - 1, see <see cref="FlowLabel"/>; 0 means none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(
        Span<byte> header,
        ReadOnlySpan<byte> inner,
        ulong sourceHigh,
        ulong sourceLow,
        ulong destinationHigh,
        ulong destinationLow,
        int trafficClass,
        uint flowLabel) => new Ipv6Header
        {
            TrafficClass = OuterTrafficClass(inner[1], trafficClass),
            FlowLabel = flowLabel,
            PayloadLength = inner.Length,
            NextHeader = IpProtocol.Ipv4,
            HopLimit = HopLimit,
            Source = new Ipv6Address(sourceHigh, sourceLow),
            Destination = new Ipv6Address(destinationHigh, destinationLow),
        }.Write(header);

    /// <summary>The same where the header lies in a frame.</summary>
    /// <param name="header">Begins with the bytes in front of the inner packet.</param>
    /// <param name="innerTos">Second byte of the inner IPv4 header.</param>
    /// <param name="innerLength">Bytes of the inner packet, 20 to 65,535.</param>
    /// <param name="sourceHigh">Bits 127 to 64 of the address that the B4 knows us by, host order.</param>
    /// <param name="sourceLow">Bits 63 to 0 of it.</param>
    /// <param name="destinationHigh">Bits 127 to 64 of the B4's address, host order.</param>
    /// <param name="destinationLow">Bits 63 to 0 of it.</param>
    /// <param name="trafficClass">DSCP, 0 to 63, or -1 to copy the inner one (RFC 6333 §7.1, RFC 2983 §3.1).</param>
    /// <param name="flowLabel">0 to 2^20 - 1, see <see cref="FlowLabel"/>; 0 means none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(
        FrameWindow header,
        byte innerTos,
        int innerLength,
        ulong sourceHigh,
        ulong sourceLow,
        ulong destinationHigh,
        ulong destinationLow,
        int trafficClass,
        uint flowLabel)
    {
        // Version, traffic class and flow label; length, next header and hop limit (RFC 8200 §3).
        ulong labels = (6UL << 28) | ((ulong)OuterTrafficClass(innerTos, trafficClass) << 20) | flowLabel;
        ulong lengths = ((ulong)(uint)innerLength << 16) | ((ulong)IpProtocol.Ipv4 << 8) | HopLimit;
        header.Write64(0, (labels << 32) | lengths);
        header.Write64(8, sourceHigh);
        header.Write64(16, sourceLow);
        header.Write64(24, destinationHigh);
        header.Write64(32, destinationLow);
    }

    /// <summary>What an inner packet's DSCP and ECN become outside; ECN is always copied (RFC 6040 §4.1, normal
    /// mode).</summary>
    /// <param name="innerTos">Second byte of the inner IPv4 header.</param>
    /// <param name="trafficClass">DSCP, 0 to 63, or -1 to copy the inner one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte OuterTrafficClass(byte innerTos, int trafficClass) =>
        trafficClass < 0 ? innerTos : (byte)((trafficClass << 2) | (innerTos & EcnMask));

    /// <summary>A label that is the same for all packets of an inner flow, spreads flows evenly and is never 0 (RFC
    /// 6438 §3, RFC 6437 §3).</summary>
    /// <param name="flowHash">Any hash of the inner flow, keyed or not.</param>
    /// <param name="key">A secret, so that nobody outside can choose labels.</param>
    /// <returns>1 to 2^20 - 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FlowLabel(ulong flowHash, ulong key) =>
        1 + (uint)(((Hash.Mix(flowHash ^ key) >> 32) * 0xF_FFFF) >> 32);
}
