using System;
using System.Collections.Generic;

using Cgn.Cli.Captures;

namespace Cgn.Cli.Replay;

/// <summary>
/// Puts together what the gateway cut because it was larger than its way out takes: IPv4 fragments (RFC 791 section
/// 3.2), or fragments of the softwire's IPv6 packet (RFC 8200 4.5). The whole frame is then judged as if it had never
/// been cut.
/// </summary>
internal sealed class PieceCollector
{
    private const int LinkBytes = 14;
    private const int Ipv6Bytes = 40;
    private const int FragmentBytes = 8;
    private const byte NextHeaderFragment = 44;

    private readonly SortedDictionary<int, (byte[] Data, bool More)> _pieces = [];
    private byte[] _head = [];
    private ushort _field;

    /// <summary>The frame put together.</summary>
    internal byte[] Whole { get; private set; } = [];

    /// <summary>Some pieces of a packet have come, and others haven't.</summary>
    internal bool IsWaiting => _pieces.Count > 0;

    /// <summary>Forgets everything.</summary>
    internal void Clear() => _pieces.Clear();

    /// <summary>Adds a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="tagBytes">Bytes of its VLAN tags.</param>
    /// <param name="mtu">Bytes that its packet may have, from the outermost IP header.</param>
    /// <param name="expected">The packet that was offered.</param>
    /// <param name="problem">What is wrong with the piece; null when nothing is.</param>
    /// <returns>True when <see cref="Whole"/> is complete.</returns>
    internal bool Add(ReadOnlySpan<byte> frame, int tagBytes, int mtu, PacketFacts expected, out string? problem)
    {
        int at = LinkBytes + tagBytes;
        ReadOnlySpan<byte> packet = frame[at..];
        problem = packet.Length > mtu ? $"a piece of {packet.Length} bytes; its way out takes {mtu}" : null;
        if (packet.Length >= Ipv6Bytes + FragmentBytes && packet[0] >> 4 == 6 && packet[6] == NextHeaderFragment)
            return AddSoftwire(frame[..at], packet);
        if (packet.Length >= 20 && packet[0] >> 4 == 4)
            return AddIpv4(frame[..at], packet, expected, ref problem);
        Whole = frame.ToArray();
        return true;
    }

    private bool AddSoftwire(ReadOnlySpan<byte> link, ReadOnlySpan<byte> packet)
    {
        ushort field = NetworkBytes.Read16(packet, Ipv6Bytes + 2);
        int offset = field & 0xFFF8;
        _pieces[offset] = (packet[(Ipv6Bytes + FragmentBytes)..].ToArray(), (field & 1) != 0);
        if (offset == 0)
        {
            _head = [.. link, .. packet[..Ipv6Bytes]];
            _head[link.Length + 6] = packet[Ipv6Bytes];
        }

        if (!Join(0, endsWhole: true, out int length))
            return false;
        NetworkBytes.Write16(Whole, link.Length + 4, (ushort)length);
        return true;
    }

    private bool AddIpv4(ReadOnlySpan<byte> link, ReadOnlySpan<byte> packet, PacketFacts expected, ref string? problem)
    {
        int headerLength = (packet[0] & 15) * 4;
        if (OnesSum.Of(packet[..headerLength]) != 0)
            problem ??= "a piece with a wrong header checksum";
        ushort field = NetworkBytes.Read16(packet, 6);
        int offset = (field & 0x1FFF) * 8;
        _pieces[offset] = (packet[headerLength..].ToArray(), (field & 0x2000) != 0);
        if (offset == expected.FragmentOffset)
        {
            _head = [.. link, .. packet[..headerLength]];
            _field = (ushort)(field & 0xDFFF);
        }

        if (!Join(expected.FragmentOffset, !expected.MoreFragments, out int length))
            return false;
        Span<byte> header = Whole.AsSpan(link.Length, _head.Length - link.Length);
        NetworkBytes.Write16(header, 2, (ushort)(header.Length + length));
        NetworkBytes.Write16(header, 6, (ushort)(_field | (expected.MoreFragments ? 0x2000 : 0)));
        OnesSum.Settle(header, 10, 0, 0);
        return length + header.Length >= expected.Length;
    }

    // All pieces in a row, if they are one: none missing, none twice.
    private bool Join(int start, bool endsWhole, out int length)
    {
        List<byte> data = [];
        bool more = true;
        length = 0;
        foreach ((int offset, (byte[] piece, bool follows)) in _pieces)
        {
            if (offset != start + data.Count)
                return false;
            data.AddRange(piece);
            more = follows;
        }

        length = data.Count;
        Whole = [.. _head, .. data];
        return !endsWhole || !more;
    }
}
