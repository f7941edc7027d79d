using System;

using Cgn.Cli.Captures;
using Cgn.Memory.Frames;

namespace Cgn.Cli.Replay;

/// <summary>The gateway's own ICMP errors about packets that it drops (RFC 1812 4.3, RFC 6888 REQ-11).</summary>
internal static class IcmpAnswer
{
    /// <summary>
    /// A packet that came out is an error about an offer: to its sender, on its side, with a right checksum, and it
    /// quotes the offered packet's header and at least eight bytes behind it.
    /// </summary>
    internal static bool IsAbout(Offer offer, byte side, ReadOnlySpan<byte> packet, PacketFacts facts)
    {
        bool isSide = offer.Packet.Outbound == (side == FramePort.Inside);
        if (!isSide || facts.Kind != PacketKind.Error || facts.Quote is not { } quote
            || facts.Faults != HeaderFault.None)
            return false;
        PacketFacts offered = offer.Packet.Facts!;
        ReadOnlySpan<byte> sent = offer.Frame.AsSpan(
            offer.Frame.Length - offer.Packet.Captured.Bytes.Length, offered.Length);
        ReadOnlySpan<byte> quoted = packet.Slice(quote.Offset, Math.Min(quote.Length, sent.Length));
        return NetworkBytes.Read32(packet, 16) == NetworkBytes.Read32(sent, 12)
            && quoted.Length >= Math.Min(28, sent.Length)
            && IsQuote(quoted, sent);
    }

    // The hop may have been taken off before the packet was quoted (RFC 1812 4.3.2.3).
    private static bool IsQuote(ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> sent)
    {
        for (int at = 0; at < quoted.Length; at++)
        {
            if (quoted[at] != sent[at] && at is not (8 or 10 or 11))
                return false;
        }

        return true;
    }
}
