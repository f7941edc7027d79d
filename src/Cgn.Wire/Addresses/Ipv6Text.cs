using System;
using System.Globalization;

namespace Cgn.Wire;

/// <summary>IPv6 addresses as text: reading per RFC 4291 §2.2, writing per RFC 5952 §4 and §5.</summary>
internal static class Ipv6Text
{
    private const int Groups = 8;
    private const ulong MappedHigh32 = 0xFFFF;

    public static bool TryParse(ReadOnlySpan<char> text, out Ipv6Address address)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[Groups];
        int gap = -1;
        int count = 0;
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            if (count == Groups)
                return false;
            int end = text.IndexOf(':');
            ReadOnlySpan<char> part = end < 0 ? text : text[..end];
            if (part.Contains('.'))
                return end < 0 && TryTail(part, groups, ref count) && TryJoin(groups, count, gap, out address);
            if (!TryGroup(part, out groups[count]))
                return false;
            count++;
            if (end < 0)
                break;
            text = text[(end + 1)..];
            if (text.IsEmpty)
                return false;
            if (text[0] != ':')
                continue;
            if (gap >= 0)
                return false;
            gap = count;
            text = text[1..];
        }

        return TryJoin(groups, count, gap, out address);
    }

    public static bool TryFormat(Ipv6Address address, Span<char> destination, out int charsWritten)
    {
        charsWritten = 0;
        if (address.High == 0 && address.Low >> 32 == MappedHigh32)
        {
            const string Mapped = "::ffff:";
            if (!Mapped.TryCopyTo(destination)
                || !new Ipv4Address((uint)address.Low).TryFormat(destination[Mapped.Length..], out int tail))
                return false;
            charsWritten = Mapped.Length + tail;
            return true;
        }

        (int gap, int gapLength) = LongestZeros(address);
        int at = 0;
        for (int group = 0; group < Groups; group++)
        {
            if (group == gap)
            {
                if (!"::".TryCopyTo(destination[at..]))
                    return false;
                at += 2;
                group += gapLength - 1;
                continue;
            }

            if (group > 0 && group != gap + gapLength)
            {
                if (at == destination.Length)
                    return false;
                destination[at++] = ':';
            }

            if (!Group(address, group).TryFormat(destination[at..], out int digits, "x", CultureInfo.InvariantCulture))
                return false;
            at += digits;
        }

        charsWritten = at;
        return true;
    }

    private static ushort Group(Ipv6Address address, int group) =>
        (ushort)((group < 4 ? address.High : address.Low) >> (48 - (group & 3) * 16));

    /// <summary>The first longest run of at least two zero groups (RFC 5952 §4.2), or a start no group has.</summary>
    private static (int Start, int Length) LongestZeros(Ipv6Address address)
    {
        (int Start, int Length) best = (-Groups, 1);
        int run = 0;
        for (int group = 0; group < Groups; group++)
        {
            run = Group(address, group) == 0 ? run + 1 : 0;
            if (run > best.Length)
                best = (group - run + 1, run);
        }

        return best;
    }

    private static bool TryGroup(ReadOnlySpan<char> part, out ushort value)
    {
        value = 0;
        if (part.Length is 0 or > 4)
            return false;
        foreach (char digit in part)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
            value = (ushort)((value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10));
        }

        return true;
    }

    private static bool TryTail(ReadOnlySpan<char> part, Span<ushort> groups, ref int count)
    {
        if (count > Groups - 2 || !Ipv4Address.TryParse(part, out Ipv4Address tail))
            return false;
        groups[count++] = (ushort)(tail.Value >> 16);
        groups[count++] = (ushort)tail.Value;
        return true;
    }

    private static bool TryJoin(Span<ushort> groups, int count, int gap, out Ipv6Address address)
    {
        address = default;
        if (gap < 0 ? count != Groups : count >= Groups)
            return false;
        if (gap >= 0)
        {
            groups[gap..count].CopyTo(groups[(Groups - count + gap)..]);
            groups.Slice(gap, Groups - count).Clear();
        }

        ulong high = 0;
        ulong low = 0;
        for (int group = 0; group < 4; group++)
        {
            high = (high << 16) | groups[group];
            low = (low << 16) | groups[group + 4];
        }

        address = new Ipv6Address(high, low);
        return true;
    }
}
