using System;

using Cgn.Wire;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// Checks every packet that leaves against what it must have become, both checksums from the first byte to the last: a
/// figure is only
/// reported for packets that were translated rightly.
/// </summary>
internal class PacketChecker : FrameInspector
{
    private const byte TtlAfter = 63;

    private readonly Population _population;
    private readonly MappingBook _book;
    private readonly bool _outside;

    /// <summary>Makes one.</summary>
    /// <param name="population">Who there is.</param>
    /// <param name="book">The external endpoints.</param>
    /// <param name="outside">For packets that leave outside rather than inside.</param>
    public PacketChecker(Population population, MappingBook book, bool outside)
    {
        _population = population;
        _book = book;
        _outside = outside;
    }

    /// <summary>Which side it stands at, in complaints.</summary>
    protected string Side => _outside ? "outside" : "inside";

    /// <inheritdoc/>
    protected sealed override string? Look(ReadOnlySpan<byte> frame)
    {
        ushort type = NetworkOrder.Read16(frame, 12);
        ReadOnlySpan<byte> packet = frame[FrameLayout.LinkBytes..];
        ulong b4 = 0;
        if (type == EtherTypes.Ipv6 && !_outside)
        {
            b4 = ReadB4(packet);
            if (NetworkOrder.Read16(packet, 4) != packet.Length - FrameLayout.Ipv6Bytes
                || packet[6] != (byte)IpProtocol.Ipv4)
                return $"{Side}: a softwire header with the wrong length or next header";
            packet = packet[FrameLayout.Ipv6Bytes..];
        }
        else if (type != EtherTypes.Ipv4)
        {
            return $"{Side}: EtherType {type:x4}";
        }

        if (packet.Length < FrameLayout.HeadBytes || NetworkOrder.Read16(packet, 2) != packet.Length)
            return $"{Side}: {packet.Length} bytes where the length field says otherwise";
        if (packet[8] != TtlAfter)
            return $"{Side}: a TTL of {packet[8]}";
        return Checksum.IsRight(packet[..Ipv4Header.Size]) ? Judge(packet, b4) : $"{Side}: a wrong IPv4 checksum";
    }

    /// <summary>Says what is wrong with a packet behind its IPv4 header, or with its endpoints; null if nothing
    /// is.</summary>
    /// <param name="packet">The IPv4 packet, whose header is right in itself.</param>
    /// <param name="b4">Upper half of the B4's address that it goes to; 0 for none.</param>
    protected virtual string? Judge(ReadOnlySpan<byte> packet, ulong b4) => Sums(packet) ?? Endpoints(
        packet, NetworkOrder.Read32(packet, FrameLayout.NumberAt), b4, hasPorts: true);

    private static ulong ReadB4(ReadOnlySpan<byte> header) =>
        ((ulong)NetworkOrder.Read32(header, 24) << 32) | NetworkOrder.Read32(header, 28);

    private string? Sums(ReadOnlySpan<byte> packet)
    {
        ushort pseudoHeader = Checksum.PseudoHeader(
            Ipv4Address.Read(packet[12..]), Ipv4Address.Read(packet[16..]), IpProtocol.Udp,
            packet.Length - Ipv4Header.Size);
        ReadOnlySpan<byte> datagram = packet[Ipv4Header.Size..];
        return NetworkOrder.Read16(datagram, 6) != 0 && Checksum.IsRight(datagram, pseudoHeader)
            ? null
            : $"{Side}: a wrong UDP checksum";
    }

    /// <summary>Says what is wrong with the endpoints of a session's packet; null if nothing is.</summary>
    /// <param name="packet">The IPv4 packet.</param>
    /// <param name="number">Number of the session.</param>
    /// <param name="b4">Upper half of the B4's address that it goes to; 0 for none.</param>
    /// <param name="hasPorts">Ports are looked at; a later fragment has none.</param>
    protected string? Endpoints(ReadOnlySpan<byte> packet, uint number, ulong b4, bool hasPorts)
    {
        if (number >= _population.Sessions || !_book.TryFind(number, out uint external, out ushort port, out _))
            return $"a packet with the number {number}, which is no session's";
        Endpoint inside = _population.Inside(number);
        Endpoint remote = Population.Remote(number);
        bool isHairpin = !_outside && _population.IsHairpin;
        Endpoint source = _outside || isHairpin ? new Endpoint(external, port) : remote;
        Endpoint destination = _outside ? remote : inside;
        ulong b4Expected = _outside ? 0 : _population.B4High(number);
        if (isHairpin)
        {
            destination = _population.Inside(Population.Partner(number));
            b4Expected = _population.B4High(Population.Partner(number));
        }

        Endpoint sourceSeen = new(
            NetworkOrder.Read32(packet, 12), hasPorts ? NetworkOrder.Read16(packet, 20) : source.Port);
        Endpoint destinationSeen = new(
            NetworkOrder.Read32(packet, 16), hasPorts ? NetworkOrder.Read16(packet, 22) : destination.Port);
        return sourceSeen == source && destinationSeen == destination && b4 == b4Expected
            ? null
            : $"session {number}: {sourceSeen} to {destinationSeen} where {source} to {destination} is right";
    }
}
