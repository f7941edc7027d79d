using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>
/// Finds the IPv4 packet in an outer one, reading extension headers as their destination must (RFC 2473 §3.3, RFC 8200
/// §4), and says what the inner type of service becomes (RFC 6040 §4.2, RFC 2983 §3.1).
/// </summary>
public static class Decapsulator
{
    // What a Linux B4 puts in front by default: next header IPv4, 8 bytes, tunnel encapsulation limit of any value,
    // PadN of one zero byte.
    private const ulong LimitHeader = 0x0400_0401_0001_0100;
    private const ulong LimitHeaderMask = 0xFFFF_FFFF_00FF_FFFF;
    private const int LimitHeaderSize = 8;

    // Result for inner ECN i and outer o in bits 2 * (4 * i + o); codepoints: 0 Not-ECT, 1 ECT(1), 2 ECT(0), 3 CE.
    private const uint EcnTable = 0xFF_E6_D5_00;
    private const uint EcnDropCell = 3;

    // The combinations that RFC 6040 figure 4 marks as dangerous or currently unused: inner Not-ECT with anything else
    // outside, ECT(1) with ECT(0), CE with ECT(1).
    private const uint EcnAnomalies = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 6) | (1 << 13);

    /// <summary>Opens an outer packet that is addressed to an AFTR address.</summary>
    /// <param name="packet">From the first byte of the IPv6 header; bytes after its payload length are ignored.</param>
    /// <param name="envelope">What was found. When the result is false: a fragment, ICMPv6, or the refusal.</param>
    /// <returns>True when <see cref="SoftwireEnvelope.InnerOffset"/> leads to what claims to be an IPv4 packet; it may
    /// be empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryOpen(ReadOnlySpan<byte> packet, out SoftwireEnvelope envelope)
    {
        if (packet.Length < Ipv6View.HeaderSize)
            return Refuse(SoftwireRefusal.Silent(DropReason.Truncated), out envelope);
        if (packet[0] >> 4 != 6)
            return Refuse(SoftwireRefusal.Silent(DropReason.BadIpv6Header), out envelope);
        int length = Ipv6View.HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (length > packet.Length)
            return Refuse(SoftwireRefusal.Silent(DropReason.Truncated), out envelope);

        int inner = Ipv6View.HeaderSize;
        if (packet[Ipv6View.NextHeaderOffset] != (byte)IpProtocol.Ipv4)
        {
            if (!HasLimitHeader(packet[..length]))
                return OpenSlowly(packet[..length], out envelope);
            inner += LimitHeaderSize;
        }

        envelope = new SoftwireEnvelope
        {
            PacketLength = length,
            InnerOffset = inner,
            TrafficClass = TrafficClass(packet),
        };
        return true;
    }

    /// <summary>
    /// The inner type of service after decapsulation: ECN by RFC 6040 §4.2; DSCP from outside in the uniform model,
    /// kept in the pipe model. A B4 that does not copy the DSCP outwards loses it in the uniform model (RFC 2983 §3.1),
    /// which RFC 6333 §7.1 demands all the same.
    /// </summary>
    /// <param name="innerTos">Second byte of the inner IPv4 header.</param>
    /// <param name="outerTrafficClass">From <see cref="SoftwireEnvelope.TrafficClass"/>.</param>
    /// <param name="trafficClass">The setting: -1 is the uniform model, a fixed DSCP the pipe model.</param>
    /// <param name="drop">The packet must be dropped: congestion was marked, and the inner packet can't carry the
    /// mark.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte InnerTos(byte innerTos, byte outerTrafficClass, int trafficClass, out bool drop)
    {
        byte ecn = EcnCombine(innerTos, outerTrafficClass, out drop);
        int dscp = (trafficClass < 0 ? outerTrafficClass : innerTos) & 0xFC;
        return (byte)(dscp | ecn);
    }

    /// <summary>Inner and outer ECN fields that should never meet (RFC 6040 §4.2, worth an alarm).</summary>
    /// <param name="inner">Inner type of service; the lower two bits count.</param>
    /// <param name="outer">Outer traffic class; the lower two bits count.</param>
    public static bool IsEcnAnomaly(byte inner, byte outer) =>
        ((EcnAnomalies >> (((inner & 3) << 2) | (outer & 3))) & 1) != 0;

    /// <summary>The table of RFC 6040 §4.2 for the end of a tunnel.</summary>
    /// <param name="inner">Inner type of service; the lower two bits count.</param>
    /// <param name="outer">Outer traffic class; the lower two bits count.</param>
    /// <param name="drop">True in one cell: inner Not-ECT, outer CE.</param>
    /// <returns>The codepoint to forward, 0 to 3; 0 for a drop.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte EcnCombine(byte inner, byte outer, out bool drop)
    {
        uint cell = ((inner & 3u) << 2) | (outer & 3u);
        drop = cell == EcnDropCell;
        return (byte)((EcnTable >> (int)(cell * 2)) & 3);
    }

    private static bool HasLimitHeader(ReadOnlySpan<byte> packet) =>
        packet.Length >= Ipv6View.HeaderSize + LimitHeaderSize
        && packet[Ipv6View.NextHeaderOffset] == (byte)IpProtocol.DestinationOptions
        && (BinaryPrimitives.ReadUInt64BigEndian(packet[Ipv6View.HeaderSize..]) & LimitHeaderMask) == LimitHeader;

    private static byte TrafficClass(ReadOnlySpan<byte> packet) => (byte)((packet[0] << 4) | (packet[1] >> 4));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool OpenSlowly(ReadOnlySpan<byte> packet, out SoftwireEnvelope envelope)
    {
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(packet);
        envelope = new SoftwireEnvelope
        {
            PacketLength = packet.Length,
            InnerOffset = walk.Offset,
            TrafficClass = TrafficClass(packet),
        };
        if (walk.Kind == Ipv6WalkKind.Fragment)
        {
            envelope = envelope with
            {
                IsFragment = true,
                FragmentHeaderOffset = walk.Offset,
                NextHeaderOffset = walk.Pointer,
            };
            return false;
        }

        if (walk.Kind == Ipv6WalkKind.Upper && walk.Protocol == IpProtocol.Ipv4)
            return true;
        if (walk.Kind == Ipv6WalkKind.Upper && walk.Protocol == IpProtocol.Icmpv6)
            envelope = envelope with { IsIcmpv6 = true };
        else
            envelope = envelope with { Refusal = RefusalOf(walk) };
        return false;
    }

    /// <summary>What RFC 8200 §4 says about a header chain that ends anywhere but at IPv4 or ICMPv6.</summary>
    internal static SoftwireRefusal RefusalOf(in Ipv6ExtensionWalk walk) => walk.Kind switch
    {
        // RFC 8200 4.7: nothing follows a next header of 59, and nobody is told.
        Ipv6WalkKind.Upper when walk.Protocol == IpProtocol.NoNext => SoftwireRefusal.Silent(DropReason.NotSoftwire),
        Ipv6WalkKind.Upper => SoftwireRefusal.Problem(DropReason.NotSoftwire, 1, walk.Pointer),
        Ipv6WalkKind.Unrecognised => SoftwireRefusal.Problem(DropReason.RefusedExtensionHeader, 1, walk.Pointer),
        Ipv6WalkKind.RoutingWithSegmentsLeft =>
            SoftwireRefusal.Problem(DropReason.RefusedExtensionHeader, 0, walk.Pointer),
        // A second fragment header behind the first: no tunnel makes that, and reassembling again would have no bound.
        Ipv6WalkKind.Fragment => SoftwireRefusal.Silent(DropReason.RefusedExtensionHeader),
        Ipv6WalkKind.OptionRefused when walk.OptionAction == Ipv6OptionAction.Discard =>
            SoftwireRefusal.Silent(DropReason.RefusedExtensionHeader),
        Ipv6WalkKind.OptionRefused => SoftwireRefusal.Problem(DropReason.RefusedExtensionHeader, 2, walk.Pointer),
        Ipv6WalkKind.OptionMalformed => SoftwireRefusal.Problem(DropReason.BadIpv6Header, 0, walk.Pointer),
        _ => SoftwireRefusal.Silent(DropReason.BadIpv6Header),
    };

    private static bool Refuse(SoftwireRefusal refusal, out SoftwireEnvelope envelope)
    {
        envelope = new SoftwireEnvelope { Refusal = refusal };
        return false;
    }
}
