using System;

using Cgn.Wire;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// Checks every packet that leaves against what it must have become, both checksums from the first byte to the last: a
/// figure is only
/// reported for packets that were translated rightly.
/// </summary>
internal sealed class PacketChecker : FrameInspector
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

    /// <inheritdoc/>
    protected override string? Look(ReadOnlySpan<byte> frame)
    {
        string side = _outside ? "outside" : "inside";
        ushort type = NetworkOrder.Read16(frame, 12);
        ReadOnlySpan<byte> packet = frame[FrameLayout.LinkBytes..];
        ulong b4 = 0;
        if (type == EtherTypes.Ipv6 && !_outside)
        {
            b4 = ReadB4(packet);
            if (NetworkOrder.Read16(packet, 4) != packet.Length - FrameLayout.Ipv6Bytes
                || packet[6] != (byte)IpProtocol.Ipv4)
                return $"{side}: a softwire header with the wrong length or next header";
            packet = packet[FrameLayout.Ipv6Bytes..];
        }
        else if (type != EtherTypes.Ipv4)
        {
            return $"{side}: EtherType {type:x4}";
        }

        if (packet.Length < FrameLayout.HeadBytes || NetworkOrder.Read16(packet, 2) != packet.Length)
            return $"{side}: {packet.Length} bytes where the length field says otherwise";
        if (packet[8] != TtlAfter)
            return $"{side}: a TTL of {packet[8]}";
        return Sums(packet) ?? Endpoints(packet, b4);
    }

    private static ulong ReadB4(ReadOnlySpan<byte> header) =>
        ((ulong)NetworkOrder.Read32(header, 24) << 32) | NetworkOrder.Read32(header, 28);

    private string? Sums(ReadOnlySpan<byte> packet)
    {
        string side = _outside ? "outside" : "inside";
        if (!Checksum.IsRight(packet[..Ipv4Header.Size]))
            return $"{side}: a wrong IPv4 checksum";
        ushort pseudoHeader = Checksum.PseudoHeader(
            Ipv4Address.Read(packet[12..]), Ipv4Address.Read(packet[16..]), IpProtocol.Udp,
            packet.Length - Ipv4Header.Size);
        ReadOnlySpan<byte> datagram = packet[Ipv4Header.Size..];
        return NetworkOrder.Read16(datagram, 6) != 0 && Checksum.IsRight(datagram, pseudoHeader)
            ? null
            : $"{side}: a wrong UDP checksum";
    }

    private string? Endpoints(ReadOnlySpan<byte> packet, ulong b4)
    {
        uint number = NetworkOrder.Read32(packet, FrameLayout.NumberAt);
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

        Endpoint sourceSeen = new(NetworkOrder.Read32(packet, 12), NetworkOrder.Read16(packet, 20));
        Endpoint destinationSeen = new(NetworkOrder.Read32(packet, 16), NetworkOrder.Read16(packet, 22));
        return sourceSeen == source && destinationSeen == destination && b4 == b4Expected
            ? null
            : $"session {number}: {sourceSeen} to {destinationSeen} where {source} to {destination} is right";
    }
}
