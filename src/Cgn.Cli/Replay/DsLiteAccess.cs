using System;

using Cgn.Cli.Captures;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Cli.Replay;

/// <summary>
/// DS-Lite: every simulated subscriber has a B4, whose softwire carries the captured hosts with their private
/// addresses: the same for all. Every other B4 is like Linux's and puts an 8-byte destination-options header with the
/// encapsulation limit before the inner packet (RFC 2473 4.1.1), and sets a flow label.
/// </summary>
internal sealed class DsLiteAccess : Access
{
    private const ushort TypeIpv6 = 0x86DD;
    private const int HeaderBytes = 40;
    private const int OptionBytes = 8;
    private const byte Ipv4InIpv6 = 4;
    private const byte DestinationOptions = 60;

    private static readonly byte[] s_limitOption = [Ipv4InIpv6, 0, 4, 1, 4, 1, 0, 0];

    private readonly AddressBook _book;
    private readonly int _trafficClass;
    private readonly Ipv6Address _aftr;
    private readonly Ipv6Address _first;
    private readonly int _subscriberBits;

    /// <summary>Takes addresses and rules from a configuration.</summary>
    internal DsLiteAccess(ConfigSnapshot snapshot, AddressBook book)
    {
        _book = book;
        _trafficClass = snapshot.Settings.TrafficClass;
        _aftr = new Ipv6Address(snapshot.AftrAddresses[0].High, snapshot.AftrAddresses[0].Low);
        _first = new Ipv6Address(snapshot.SoftwireSources[0].High, snapshot.SoftwireSources[0].Low);
        _subscriberBits = snapshot.Settings.SubscriberMaskV6;
    }

    /// <summary>Most softwire addresses that a configuration has room for.</summary>
    internal static double SubscribersMax(ConfigSnapshot snapshot) =>
        Math.Pow(2, Math.Max(0, snapshot.Settings.SubscriberMaskV6 - snapshot.SoftwireSources[0].Length));

    /// <inheritdoc/>
    internal override int Identity(int subscriber, int host) => subscriber;

    /// <inheritdoc/>
    internal override uint InsideAddress(int subscriber, int host) => _book.Inside(host);

    /// <inheritdoc/>
    internal override int WrapInside(
        int subscriber, ReadOnlySpan<byte> tags, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> padding,
        Span<byte> frame)
    {
        bool isLinux = (subscriber & 1) == 0 && packet.Length <= ushort.MaxValue - OptionBytes;
        int at = WriteInsideEthernet(tags, TypeIpv6, frame);
        Span<byte> outer = frame[at..];
        uint flowLabel = isLinux ? 0x54321u ^ (uint)subscriber : 0;
        NetworkBytes.Write32(outer, 0, 0x6000_0000u | ((uint)packet[1] << 20) | (flowLabel & 0xFFFFF));
        int options = isLinux ? OptionBytes : 0;
        NetworkBytes.Write16(outer, 4, (ushort)(packet.Length + options));
        outer[6] = isLinux ? DestinationOptions : Ipv4InIpv6;
        outer[7] = 64;
        B4(subscriber).Write(outer[8..]);
        _aftr.Write(outer[24..]);
        if (isLinux)
            s_limitOption.CopyTo(outer[HeaderBytes..]);
        packet.CopyTo(outer[(HeaderBytes + options)..]);
        padding.CopyTo(outer[(HeaderBytes + options + packet.Length)..]);
        return at + HeaderBytes + options + packet.Length + padding.Length;
    }

    /// <inheritdoc/>
    internal override string? OpenInside(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> tags, out int subscriber, out ReadOnlySpan<byte> packet)
    {
        subscriber = -1;
        packet = default;
        string? problem = OpenInsideEthernet(frame, tags, TypeIpv6, out ReadOnlySpan<byte> outer);
        if (problem is not null)
            return problem;
        if (outer.Length < HeaderBytes || outer[0] >> 4 != 6 || outer[6] != Ipv4InIpv6 || outer[7] == 0)
        {
            return "softwire header: no IPv6 with IPv4 behind it: "
                + Convert.ToHexString(outer[..Math.Min(outer.Length, HeaderBytes)]);
        }

        if (NetworkBytes.Read16(outer, 4) != outer.Length - HeaderBytes)
        {
            return $"softwire header: payload length {NetworkBytes.Read16(outer, 4)} before "
                + $"{outer.Length - HeaderBytes} bytes";
        }

        Ipv6Address source = Ipv6Address.Read(outer[8..]);
        Ipv6Address destination = Ipv6Address.Read(outer[24..]);
        packet = outer[HeaderBytes..];
        problem = WholeIpv4(packet);
        if (problem is not null)
            return problem;
        subscriber = Number(destination);
        if (source != _aftr || subscriber < 0 || destination != B4(subscriber))
            return $"softwire header: from {source} to {destination}; from {_aftr} to a B4 was expected";
        int outerClass = (int)(NetworkBytes.Read32(outer, 0) >> 20 & 0xFF);
        int expected = _trafficClass < 0 ? packet[1] : (_trafficClass << 2) | (packet[1] & 3);
        return outerClass == expected ? null : $"softwire header: traffic class {outerClass}, expected {expected}";
    }

    private Ipv6Address B4(int subscriber)
    {
        UInt128 number = (UInt128)(uint)subscriber << (128 - _subscriberBits);
        // Below the subscriber's prefix the B4 has some address, not all zeros where there is room.
        UInt128 host = _subscriberBits < 128 ? UInt128.One : UInt128.Zero;
        UInt128 address = new UInt128(_first.High, _first.Low) + number + host;
        return new Ipv6Address((ulong)(address >> 64), (ulong)address);
    }

    private int Number(Ipv6Address address)
    {
        UInt128 difference = new UInt128(address.High, address.Low) - new UInt128(_first.High, _first.Low);
        UInt128 number = difference >> (128 - _subscriberBits);
        return number <= int.MaxValue ? (int)number : -1;
    }
}
