using System;

using Cgn.Cli.Captures;

namespace Cgn.Cli.Replay;

/// <summary>Compares a packet that came out with what should have, byte by byte.</summary>
internal static class Comparison
{
    private const int Shown = 16;

    /// <summary>Compares.</summary>
    /// <param name="expected">The packet expected, from its IPv4 header on.</param>
    /// <param name="actual">The packet that came.</param>
    /// <param name="facts">What the captured packet said about itself.</param>
    /// <returns>Null when they agree, else the difference in words.</returns>
    internal static string? Difference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, PacketFacts facts)
    {
        if (expected.Length != actual.Length)
            return $"IPv4: {expected.Length} bytes expected, {actual.Length} came";
        int headerLength = facts.HeaderLength;
        if (OnesSum.Of(actual[..headerLength]) != 0)
            return $"IPv4 header: its checksum is wrong: {Convert.ToHexString(actual[..headerLength])}";
        for (int at = 0; at < expected.Length; at++)
        {
            if (expected[at] == actual[at] || IsFree(at) || IsSameChecksum(expected, actual, at, facts))
                continue;
            int start = Math.Max(0, at - (Shown / 2));
            int length = Math.Min(Shown, expected.Length - start);
            return $"{Layer(at, facts)}, byte {at} of the packet: "
                + $"expected {Convert.ToHexString(expected.Slice(start, length))}, "
                + $"came {Convert.ToHexString(actual.Slice(start, length))} (from byte {start})";
        }

        return null;
    }

    // Identification, which who shares addresses may choose anew (RFC 6864 5.3.1), and the header checksum, which has
    // been verified as a whole.
    private static bool IsFree(int at) => at is 4 or 5 or 10 or 11;

    // In one's complement 0x0000 and 0xFFFF are the same sum; only UDP tells them apart (RFC 768).
    private static bool IsSameChecksum(
        ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int at, PacketFacts facts)
    {
        if (IsField(at, Field(facts.Protocol, facts.HeaderLength)) && facts.Protocol != 17)
            return IsZeroSum(expected, actual, Field(facts.Protocol, facts.HeaderLength));
        QuoteFacts? quote = facts.Quote;
        if (quote is null)
            return false;
        int header = quote.Offset + 10;
        int transport = Field(quote.Protocol, quote.Offset + quote.HeaderLength);
        return (IsField(at, header) && IsZeroSum(expected, actual, header))
            || (IsField(at, transport) && IsZeroSum(expected, actual, transport));
    }

    private static int Field(byte protocol, int transportOffset)
    {
        int at = PacketForms.ChecksumOffset(protocol);
        return at < 0 ? -2 : transportOffset + at;
    }

    private static bool IsField(int at, int field) => at == field || at == field + 1;

    private static bool IsZeroSum(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int field) =>
        NetworkBytes.Read16(expected, field) is 0 or ushort.MaxValue
            && NetworkBytes.Read16(actual, field) is 0 or ushort.MaxValue;

    private static string Layer(int at, PacketFacts facts)
    {
        if (at < facts.HeaderLength)
        {
            return at switch
            {
                1 => "IPv4 type of service",
                6 or 7 => "IPv4 flags and offset",
                8 => "IPv4 time to live",
                >= 12 and < 16 => "IPv4 source",
                >= 16 and < 20 => "IPv4 destination",
                >= 20 => "IPv4 options",
                _ => "IPv4 header",
            };
        }

        if (facts.Quote is not null && at >= facts.Quote.Offset)
            return "packet quoted by ICMP";
        return facts.Kind switch
        {
            PacketKind.Tcp => "TCP",
            PacketKind.Udp => "UDP",
            PacketKind.Query or PacketKind.Error => "ICMP",
            PacketKind.LaterFragment => "fragment",
            _ => $"protocol {facts.Protocol}",
        };
    }
}
