using System.Collections.Generic;

namespace Cgn.Cli.Replay;

/// <summary>The fragments of one IPv4 packet, as far as the capture has them.</summary>
internal sealed class Datagram(int number)
{
    private readonly List<(int Start, int End)> _ranges = [];
    private int _end = -1;
    private int _bytes;

    /// <summary>Its place among the capture's datagrams, from 0.</summary>
    internal int Number { get; } = number;

    /// <summary>The fragment with the ports; null when the capture has none.</summary>
    internal PlannedPacket? First { get; private set; }

    /// <summary>When its earliest fragment was captured.</summary>
    internal long BeganNs { get; private set; } = -1;

    /// <summary>Some bytes came twice or contradict each other, or a length is impossible.</summary>
    internal bool IsOdd { get; private set; }

    /// <summary>Every byte is there.</summary>
    internal bool IsComplete => _end >= 0 && _bytes >= _end;

    /// <summary>Adds a fragment in the order of the capture.</summary>
    internal void Add(PlannedPacket packet)
    {
        PacketFacts facts = packet.Facts!;
        int start = facts.FragmentOffset;
        int end = start + facts.Length - facts.HeaderLength;
        if (BeganNs < 0)
            BeganNs = packet.Captured.TimestampNs;
        foreach ((int otherStart, int otherEnd) in _ranges)
            IsOdd |= start < otherEnd && otherStart < end;
        IsOdd |= end > 65535 - 20 || (facts.MoreFragments && ((end - start) & 7) != 0) || end == start;
        IsOdd |= (facts.Faults & (HeaderFault.TinyFragment | HeaderFault.Ipv4Checksum)) != 0;
        IsOdd |= _end >= 0 && end > _end;
        _ranges.Add((start, end));
        _bytes += end - start;
        if (!facts.MoreFragments)
            _end = end;
        if (start == 0)
            First ??= packet;
    }
}
