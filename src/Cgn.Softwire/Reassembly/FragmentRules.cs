using System;

using Cgn.Contract;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>What is wrong with an outer fragment whatever the others are (RFC 8200 §4.5, RFC 7112).</summary>
internal static class FragmentRules
{
    private const int OffsetFieldOffset = 2;
    private const int PayloadLengthOffset = 4;
    private const byte Erroneous = 0;
    private const byte ChainIncomplete = 3;

    /// <summary>Why it can't be used; the reason is none when it can.</summary>
    public static SoftwireRefusal Check(
        ReadOnlySpan<byte> packet, int ipOffset, in SoftwireEnvelope envelope, in Ipv6FragmentView fragment)
    {
        int header = envelope.FragmentHeaderOffset;
        int length = fragment.Payload.Length;
        if (fragment.MoreFragments && (length & 7) != 0)
            return SoftwireRefusal.Problem(DropReason.FragmentTooLong, Erroneous, PayloadLengthOffset);
        if (header - Ipv6View.HeaderSize + fragment.FragmentOffsetBytes + length > ushort.MaxValue)
            return SoftwireRefusal.Problem(DropReason.FragmentTooLong, Erroneous, header + OffsetFieldOffset);
        if (length == 0)
            return SoftwireRefusal.Silent(DropReason.FragmentTiny);
        if (fragment.FragmentOffsetBytes != 0)
            return default;
        if (ipOffset + header > ReassemblyBuffer.FrontMax)
            return SoftwireRefusal.Silent(DropReason.BadIpv6Header);

        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.BehindFragment(packet, header);
        int left = packet.Length - walk.Offset;
        bool cut = walk.Kind == Ipv6WalkKind.Upper && left < UpperHeaderSize(walk, packet);
        if (cut || walk.Kind == Ipv6WalkKind.Truncated)
            return SoftwireRefusal.Problem(DropReason.FragmentTiny, ChainIncomplete, 0);
        return walk.Kind == Ipv6WalkKind.Upper ? default : Decapsulator.RefusalOf(walk);
    }

    private static int UpperHeaderSize(in Ipv6ExtensionWalk walk, ReadOnlySpan<byte> packet) => walk.Protocol switch
    {
        IpProtocol.Ipv4 when walk.Offset < packet.Length =>
            Math.Max(Ipv4View.HeaderSizeMin, (packet[walk.Offset] & 0x0F) * 4),
        IpProtocol.NoNext => 0,
        _ => 8,
    };
}
