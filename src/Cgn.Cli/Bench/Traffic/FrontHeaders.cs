using System;

using Cgn.Wire;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>The constant headers in front of generated IPv4 packets, right-aligned in 64 bytes.</summary>
internal static class FrontHeaders
{
    private const int FrontBytes = 64;

    /// <summary>
    /// Ethernet and the softwire's IPv6 header; payload length and the upper half of the source are filled in for each
    /// packet.
    /// </summary>
    /// <param name="nextHeader">
    /// <see cref="IpProtocol.Ipv4"/>, or <see cref="IpProtocol.Fragment"/> where another header follows.
    /// </param>
    public static byte[] Softwire(IpProtocol nextHeader = IpProtocol.Ipv4)
    {
        byte[] front = new byte[FrontBytes];
        int at = FrontBytes - FrameLayout.Ipv6Bytes;
        WriteLink(front.AsSpan(at - FrameLayout.LinkBytes), EtherTypes.Ipv6);
        new Ipv6Header
        {
            NextHeader = nextHeader,
            HopLimit = 64,
            Source = new Ipv6Address(0, Population.B4Low),
            Destination = new Ipv6Address(Population.AftrHigh, Population.AftrLow),
        }.Write(front.AsSpan(at));
        return front;
    }

    /// <summary>Ethernet alone.</summary>
    public static byte[] Plain()
    {
        byte[] front = new byte[FrontBytes];
        WriteLink(front.AsSpan(FrontBytes - FrameLayout.LinkBytes), EtherTypes.Ipv4);
        return front;
    }

    private static void WriteLink(Span<byte> header, ushort type)
    {
        // Locally administered addresses; the gateway never looks at them.
        ReadOnlySpan<byte> addresses = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
        addresses.CopyTo(header);
        NetworkOrder.Write16(header, addresses.Length, type);
    }
}
