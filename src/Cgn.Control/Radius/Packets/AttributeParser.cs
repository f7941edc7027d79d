using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Cgn.Control.Radius.Packets;

/// <summary>Takes the attributes of a packet apart (RFC 2865 §5, RFC 6929 §2).</summary>
public static class AttributeParser
{
    private const int HeaderBytes = 2;
    private const byte ExtendedFirst = 241;
    private const byte LongFirst = 245;
    private const byte ExtendedLast = 246;
    private const byte More = 0x80;

    /// <summary>Reads all attributes.</summary>
    /// <param name="bytes">All attributes, one after the other.</param>
    /// <param name="attributes">
    /// Those read, in their order. An extended one that is cut short, or lacks its last fragment, is there under its
    /// type alone, which nobody knows (RFC 6929 §2.8).
    /// </param>
    /// <returns>False when a length does not fit: the packet is malformed.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out IReadOnlyList<RadiusAttribute> attributes)
    {
        List<RadiusAttribute> found = [];
        attributes = found;
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> span = bytes.Span;
            if (span.Length < HeaderBytes || span[1] < HeaderBytes || span[1] > span.Length)
                return false;
            ReadOnlyMemory<byte> value = bytes[HeaderBytes..span[1]];
            byte type = span[0];
            bytes = bytes[span[1]..];
            if (type == (byte)AttributeType.VendorSpecific)
                ReadVendor(value, found);
            else if (type is >= ExtendedFirst and < LongFirst && value.Length > 1)
                found.Add(new RadiusAttribute(Extended(type, value.Span[0]), value[1..]));
            else if (type is >= LongFirst and <= ExtendedLast && value.Length > 2)
                found.Add(ReadLong(type, value, ref bytes));
            else
                found.Add(new RadiusAttribute((AttributeType)type, value));
        }

        return true;
    }

    private static AttributeType Extended(byte type, byte extended) => (AttributeType)((type << 8) | extended);

    // Fragments follow each other without a gap; all but the last have the flag (RFC 6929 §2.2).
    private static RadiusAttribute ReadLong(byte type, ReadOnlyMemory<byte> first, ref ReadOnlyMemory<byte> rest)
    {
        const int LongHeaderBytes = 2;
        byte extended = first.Span[0];
        if ((first.Span[1] & More) == 0)
            return new RadiusAttribute(Extended(type, extended), first[LongHeaderBytes..]);
        List<byte> whole = [.. first.Span[LongHeaderBytes..]];
        while (true)
        {
            ReadOnlySpan<byte> next = rest.Span;
            if (next.Length < HeaderBytes + LongHeaderBytes || next[0] != type || next[2] != extended
                || next[1] < HeaderBytes + LongHeaderBytes || next[1] > next.Length)
            {
                return new RadiusAttribute((AttributeType)type, whole.ToArray());
            }

            whole.AddRange(next[(HeaderBytes + LongHeaderBytes)..next[1]]);
            rest = rest[next[1]..];
            if ((next[3] & More) == 0)
                return new RadiusAttribute(Extended(type, extended), whole.ToArray());
        }
    }

    private static void ReadVendor(ReadOnlyMemory<byte> value, List<RadiusAttribute> found)
    {
        const int VendorBytes = sizeof(uint);
        if (value.Length < VendorBytes)
        {
            found.Add(new RadiusAttribute(AttributeType.VendorSpecific, value));
            return;
        }

        uint vendor = BinaryPrimitives.ReadUInt32BigEndian(value.Span);
        int before = found.Count;
        ReadOnlyMemory<byte> rest = value[VendorBytes..];
        while (rest.Length >= HeaderBytes && rest.Span[1] >= HeaderBytes && rest.Span[1] <= rest.Length)
        {
            int length = rest.Span[1];
            found.Add(new RadiusAttribute(
                AttributeType.VendorSpecific, rest[HeaderBytes..length], vendor, rest.Span[0]));
            rest = rest[length..];
        }

        if (rest.IsEmpty && found.Count > before)
            return;
        found.RemoveRange(before, found.Count - before);
        found.Add(new RadiusAttribute(AttributeType.VendorSpecific, value[VendorBytes..], vendor));
    }
}
