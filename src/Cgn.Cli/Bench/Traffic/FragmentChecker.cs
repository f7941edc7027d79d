using System;
using System.Collections.Generic;

using Cgn.Wire;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// The same for datagrams in two IPv4 fragments: the first is followed by its rest, under the same identification, and
/// the checksum is that of both together.
/// </summary>
internal sealed class FragmentChecker : PacketChecker
{
    private const int UnitBytes = 8;
    private const ushort MoreFragments = 0x2000;
    private const ushort OffsetMask = 0x1FFF;

    // The identification of first fragments whose rest has not come yet, by number of their session.
    private readonly Dictionary<uint, ushort> _firsts = [];

    /// <summary>Makes one.</summary>
    /// <param name="population">Who there is.</param>
    /// <param name="book">The external endpoints.</param>
    /// <param name="outside">For packets that leave outside rather than inside.</param>
    public FragmentChecker(Population population, MappingBook book, bool outside)
        : base(population, book, outside)
    {
    }

    /// <inheritdoc/>
    protected override string? Judge(ReadOnlySpan<byte> packet, ulong b4)
    {
        ushort field = NetworkOrder.Read16(packet, 6);
        ushort identification = NetworkOrder.Read16(packet, 4);
        if (field == MoreFragments)
        {
            uint number = NetworkOrder.Read32(packet, FrameLayout.NumberAt);
            _firsts[number] = identification;
            return Sum(packet, number) ?? Endpoints(packet, number, b4, hasPorts: true);
        }

        ReadOnlySpan<byte> rest = packet[Ipv4Header.Size..];
        uint numberOfRest = NetworkOrder.Read32(rest, 0);
        if ((field & OffsetMask) * UnitBytes != rest.Length || (field & ~OffsetMask) != 0)
            return $"{Side}: a fragment with {field:x4} where the rest of a datagram was sent";
        if (!_firsts.Remove(numberOfRest, out ushort first) || first != identification)
            return $"{Side}: the rest of session {numberOfRest}'s datagram, and no first fragment before it";
        return rest[sizeof(uint)..].IndexOfAnyExcept((byte)0) < 0
            ? Endpoints(packet, numberOfRest, b4, hasPorts: false)
            : $"{Side}: a fragment with another payload than was sent";
    }

    private string? Sum(ReadOnlySpan<byte> packet, uint number)
    {
        ReadOnlySpan<byte> part = packet[Ipv4Header.Size..];
        ushort pseudoHeader = Checksum.PseudoHeader(
            Ipv4Address.Read(packet[12..]), Ipv4Address.Read(packet[16..]), IpProtocol.Udp, 2 * part.Length);
        // The rest is the number and zeros.
        uint sum = (uint)(Checksum.Sum(part, pseudoHeader) + (number >> 16) + (number & 0xFFFF));
        bool isWhole = NetworkOrder.Read16(part, 4) == 2 * part.Length;
        return isWhole && NetworkOrder.Read16(part, 6) != 0 && Checksum.Fold(sum) == 0xFFFF
            ? null
            : $"{Side}: a wrong UDP checksum, or length, of a datagram in fragments";
    }
}
