using System;

using Cgn.Cli.Captures;

namespace Cgn.Cli.Replay;

/// <summary>
/// How simulated subscribers' packets are dressed on the inside, and what a correct gateway's look like there and
/// outside.
/// </summary>
internal abstract class Access
{
    private const ushort TypeIpv4 = 0x0800;

    // The neighbours and the gateway as translate and replay know them (Cgn.Memory's FixedNextHops).
    private static readonly byte[] s_insideHost = [2, 0, 0, 0, 0, 0x11];
    private static readonly byte[] s_insideGateway = [2, 0, 0, 0, 0, 0x01];
    private static readonly byte[] s_outsideHost = [2, 0, 0, 0, 0, 0x12];
    private static readonly byte[] s_outsideGateway = [2, 0, 0, 0, 0, 0x02];

    /// <summary>Who shares one external address: the subscriber, or in NAT444 each of its hosts.</summary>
    internal abstract int Identity(int subscriber, int host);

    /// <summary>The address of an internal host as the gateway sees it in IPv4.</summary>
    internal abstract uint InsideAddress(int subscriber, int host);

    /// <summary>Dresses a subscriber's packet for the inside.</summary>
    /// <param name="subscriber">Whose it is.</param>
    /// <param name="tags">VLAN tags of the frame.</param>
    /// <param name="packet">The IPv4 packet.</param>
    /// <param name="padding">What stood behind it in the captured frame.</param>
    /// <param name="frame">Receives the frame.</param>
    /// <returns>Bytes of the frame.</returns>
    internal abstract int WrapInside(
        int subscriber, ReadOnlySpan<byte> tags, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> padding,
        Span<byte> frame);

    /// <summary>Undresses what left by the inside.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="tags">The tags that it should have.</param>
    /// <param name="subscriber">Whose it is; -1 when that can't be told from it.</param>
    /// <param name="packet">The IPv4 packet in it.</param>
    /// <returns>Null, or what is wrong with the wrapping.</returns>
    internal abstract string? OpenInside(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> tags, out int subscriber, out ReadOnlySpan<byte> packet);

    /// <summary>Dresses a packet for the outside.</summary>
    internal static int WrapOutside(
        ReadOnlySpan<byte> tags, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> padding, Span<byte> frame)
    {
        int at = WriteEthernet(s_outsideGateway, s_outsideHost, tags, TypeIpv4, frame);
        packet.CopyTo(frame[at..]);
        padding.CopyTo(frame[(at + packet.Length)..]);
        return at + packet.Length + padding.Length;
    }

    /// <summary>Undresses what left by the outside.</summary>
    internal static string? OpenOutside(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> tags, out ReadOnlySpan<byte> packet) =>
        OpenEthernet(frame, s_outsideHost, s_outsideGateway, tags, TypeIpv4, out packet) ?? WholeIpv4(packet);

    /// <summary>Writes a header from an inside neighbour to the gateway.</summary>
    protected static int WriteInsideEthernet(ReadOnlySpan<byte> tags, ushort type, Span<byte> frame) =>
        WriteEthernet(s_insideGateway, s_insideHost, tags, type, frame);

    /// <summary>Takes off a header from the gateway to an inside neighbour.</summary>
    protected static string? OpenInsideEthernet(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> tags, ushort type, out ReadOnlySpan<byte> packet) =>
        OpenEthernet(frame, s_insideHost, s_insideGateway, tags, type, out packet);

    /// <summary>A packet is IPv4 and takes all the bytes there are.</summary>
    protected static string? WholeIpv4(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 20 || packet[0] >> 4 != 4)
            return "no IPv4 packet";
        int length = NetworkBytes.Read16(packet, 2);
        return length == packet.Length ? null : $"IPv4 total length {length} in {packet.Length} bytes";
    }

    private static int WriteEthernet(
        ReadOnlySpan<byte> destination, ReadOnlySpan<byte> source, ReadOnlySpan<byte> tags, ushort type,
        Span<byte> frame)
    {
        destination.CopyTo(frame);
        source.CopyTo(frame[6..]);
        tags.CopyTo(frame[12..]);
        NetworkBytes.Write16(frame, 12 + tags.Length, type);
        return 14 + tags.Length;
    }

    private static string? OpenEthernet(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> source, ReadOnlySpan<byte> tags,
        ushort type, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        int at = 14 + tags.Length;
        if (frame.Length < at)
            return $"Ethernet: a frame of {frame.Length} bytes";
        packet = frame[at..];
        bool addressed = frame[..6].SequenceEqual(destination) && frame[6..12].SequenceEqual(source);
        bool tagged = frame.Slice(12, tags.Length).SequenceEqual(tags);
        if (addressed && tagged && NetworkBytes.Read16(frame, 12 + tags.Length) == type)
            return null;
        return $"Ethernet header: expected {Convert.ToHexString(destination)}{Convert.ToHexString(source)}"
            + $"{Convert.ToHexString(tags)}{type:X4}, came {Convert.ToHexString(frame[..at])}";
    }
}
