using System;
using System.Collections.Generic;

using Cgn.Ports.Capture;

namespace Cgn.Cli.Captures;

/// <summary>A whole capture in memory, as packets for a gateway.</summary>
internal static class CaptureLoader
{
    /// <summary>Reads a file of any link type.</summary>
    /// <param name="path">pcap or pcapng.</param>
    /// <exception cref="CaptureException">The file can't be read.</exception>
    internal static List<CapturedPacket> Load(string path)
    {
        List<CapturedPacket> packets = [];
        using CaptureReader reader = new(path);
        while (reader.TryRead(out CaptureRecord record))
        {
            SkipReason reason = LinkDecoder.Decode(reader.LinkType, record.Bytes, out LinkDecoder decoder);
            byte[] bytes = reason == SkipReason.None ? decoder.Packet.ToArray() : [];
            reason = reason == SkipReason.None ? Judge(bytes, record.IsCutShort) : reason;
            bool completed = reason == SkipReason.None && Complete(bytes);
            packets.Add(new CapturedPacket(
                (int)reader.RecordNumber, record.TimestampNs, reason, decoder.Tags.ToArray(), bytes, completed));
        }

        return packets;
    }

    // A capture on the sending host shows packets before the device has filled in the header checksum: it is 0. On
    // the wire it would have been right.
    private static bool Complete(byte[] bytes)
    {
        const int ChecksumOffset = 10;
        int headerLength = (bytes[0] & 15) * 4;
        bool isHeader = bytes[0] >> 4 == 4 && headerLength >= 20 && headerLength <= bytes.Length;
        if (!isHeader || NetworkBytes.Read16(bytes, ChecksumOffset) != 0
            || OnesSum.Of(bytes.AsSpan(0, headerLength)) == 0)
            return false;
        OnesSum.Settle(bytes.AsSpan(0, headerLength), ChecksumOffset, aside: 0, wanted: 0);
        return true;
    }

    // What IPv4 itself says about whether a router carries the packet (RFC 1812 5.3.7).
    private static SkipReason Judge(byte[] bytes, bool isCutShort)
    {
        if (bytes.Length < 20)
            return isCutShort ? SkipReason.CutByCapture : SkipReason.TooShort;
        uint source = NetworkBytes.Read32(bytes, 12);
        uint destination = NetworkBytes.Read32(bytes, 16);
        if (destination == uint.MaxValue)
            return SkipReason.Broadcast;
        if (destination >> 28 == 0xE)
            return SkipReason.Multicast;
        if (source >> 24 == 127 || destination >> 24 == 127)
            return SkipReason.Loopback;
        if (source >> 16 == 0xA9FE || destination >> 16 == 0xA9FE)
            return SkipReason.LinkLocal;
        if (source >> 24 == 0 || destination >> 24 == 0)
            return SkipReason.ThisNetwork;
        if (source >> 28 >= 0xE)
            return SkipReason.BadSource;
        return isCutShort && NetworkBytes.Read16(bytes, 2) > bytes.Length ? SkipReason.CutByCapture : SkipReason.None;
    }
}
