using System;

using Cgn.Cli.Captures;

namespace Cgn.Cli.Replay;

/// <summary>
/// Writes a captured packet as it must look elsewhere: with other addresses, another client port, one hop less.
/// Checksums keep their error, if they have one, so that damage neither appears nor is repaired (RFC 3022 4.1).
/// Everything is summed anew, nothing updated incrementally.
/// </summary>
internal static class PacketForms
{
    private const int IpChecksum = 10;

    /// <summary>Writes a form of a packet.</summary>
    /// <param name="packet">The packet as captured.</param>
    /// <param name="ends">Who its ends are in this form.</param>
    /// <param name="hop">One hop is taken off.</param>
    /// <param name="form">Receives the packet; at least as long as captured.</param>
    /// <returns>Bytes written, without link padding.</returns>
    internal static int Write(PlannedPacket packet, in FormEnds ends, bool hop, Span<byte> form)
    {
        PacketFacts facts = packet.Facts!;
        ReadOnlySpan<byte> original = packet.Captured.Bytes.AsSpan(0, facts.Length);
        form = form[..facts.Length];
        original.CopyTo(form);
        NetworkBytes.Write32(form, 12, ends.Source);
        NetworkBytes.Write32(form, 16, ends.Destination);
        if (hop)
            form[8]--;
        if ((facts.Faults & (HeaderFault.Ipv4Header | HeaderFault.Truncated)) != 0)
            return form.Length;
        int headerLength = facts.HeaderLength;
        OnesSum.Settle(form[..headerLength], IpChecksum, 0, OnesSum.Of(original[..headerLength]));
        if (facts.Kind == PacketKind.Error)
            WriteQuote(packet, ends, original, form);
        else
            WriteTransport(packet, ends, original, form);
        return form.Length;
    }

    /// <summary>
    /// Where a protocol has its checksum, from the start of its header; -1 when there is none that covers addresses
    /// or ports.
    /// </summary>
    internal static int ChecksumOffset(byte protocol) => protocol switch
    {
        1 => 2,
        6 => 16,
        17 or 33 or 136 => 6,
        _ => -1,
    };

    private static void WriteTransport(
        PlannedPacket packet, in FormEnds ends, ReadOnlySpan<byte> original, Span<byte> form)
    {
        PacketFacts facts = packet.Facts!;
        if (facts.Kind == PacketKind.LaterFragment || facts.FragmentOffset != 0)
            return;
        Span<byte> transport = form[facts.HeaderLength..];
        switch (facts.Kind)
        {
            case PacketKind.Tcp or PacketKind.Udp:
                NetworkBytes.Write16(transport, packet.Outbound ? 0 : 2, ends.ClientPort);
                break;
            case PacketKind.Query:
                NetworkBytes.Write16(transport, 4, ends.ClientPort);
                break;
        }

        Settle(facts.Protocol, original, form, facts.HeaderLength);
    }

    // The quoted packet goes the other way: what it has as source is the destination of the error.
    private static void WriteQuote(PlannedPacket packet, in FormEnds ends, ReadOnlySpan<byte> original, Span<byte> form)
    {
        QuoteFacts quote = packet.Facts!.Quote!;
        Span<byte> quoted = form.Slice(quote.Offset, quote.Length);
        ReadOnlySpan<byte> before = original.Slice(quote.Offset, quote.Length);
        bool quotesClient = !packet.Outbound;
        NetworkBytes.Write32(quoted, 12, quotesClient ? ends.Client : ends.Server);
        NetworkBytes.Write32(quoted, 16, quotesClient ? ends.Server : ends.Client);
        OnesSum.Settle(quoted[..quote.HeaderLength], IpChecksum, 0, OnesSum.Of(before[..quote.HeaderLength]));
        Span<byte> transport = quoted[quote.HeaderLength..];
        if (packet.Flow is not null && quote.HasPorts)
            NetworkBytes.Write16(transport, quotesClient ? 0 : 2, ends.ClientPort);
        else if (packet.Flow is not null && quote.IsQuery)
            NetworkBytes.Write16(transport, 4, ends.ClientPort);
        if (!quote.IsLaterFragment)
            Settle(quote.Protocol, before, quoted, quote.HeaderLength);
        int message = packet.Facts.HeaderLength;
        OnesSum.Settle(form[message..], 2, 0, OnesSum.Of(original[message..]));
    }

    private static void Settle(byte protocol, ReadOnlySpan<byte> original, Span<byte> form, int headerLength)
    {
        const byte Icmp = 1;
        const byte Udp = 17;
        int at = ChecksumOffset(protocol);
        ReadOnlySpan<byte> before = original[headerLength..];
        if (at < 0 || before.Length < at + 2)
            return;
        // RFC 768: the sender computed none.
        if (protocol == Udp && NetworkBytes.Read16(before, at) == 0)
            return;
        uint asideBefore = protocol == Icmp ? 0 : OnesSum.Addresses(original);
        uint aside = protocol == Icmp ? 0 : OnesSum.Addresses(form);
        Span<byte> transport = form[headerLength..];
        OnesSum.Settle(transport, at, aside, OnesSum.Add(asideBefore, OnesSum.Of(before)));
        if (protocol == Udp && NetworkBytes.Read16(transport, at) == 0)
            NetworkBytes.Write16(transport, at, ushort.MaxValue);
    }
}
