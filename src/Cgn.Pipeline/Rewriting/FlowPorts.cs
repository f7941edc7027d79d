using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Nat;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>
/// The ports of a transport header, for all protocols that the common parsers do not read themselves: of packets and of
/// what ICMP errors quote.
/// </summary>
internal static class FlowPorts
{
    private const ushort PptpFlags = 0x2001;
    private const ushort PptpFlagsMask = 0xE007;
    private const int CallAt = 6;

    /// <summary>Fills in both ports.</summary>
    /// <param name="transport">The header's first eight bytes or more.</param>
    /// <param name="localIsSource">The packet was sent by the local end.</param>
    /// <param name="flow">Has its protocol; gets its ports, both 0 for protocols that have none.</param>
    public static void Read(ReadOnlySpan<byte> transport, bool localIsSource, ref FlowKey flow)
    {
        flow.InternalPort = 0;
        flow.RemotePort = 0;
        if (transport.Length < 8)
            return;
        switch ((IpProtocol)flow.Protocol)
        {
            case IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.UdpLite or IpProtocol.Dccp:
                ushort source = BinaryPrimitives.ReadUInt16BigEndian(transport);
                ushort destination = BinaryPrimitives.ReadUInt16BigEndian(transport[2..]);
                flow.InternalPort = localIsSource ? source : destination;
                flow.RemotePort = localIsSource ? destination : source;
                break;
            case IpProtocol.Icmp:
                flow.InternalPort = BinaryPrimitives.ReadUInt16BigEndian(transport[4..]);
                break;
            case IpProtocol.Gre when IsPptp(transport):
                // Only the receiver's call identifier stands in a packet: that of the remote end in what the local end
                // has sent (RFC 2637 section 4.1).
                ushort call = CallId(transport);
                flow.InternalPort = localIsSource ? (ushort)0 : call;
                flow.RemotePort = localIsSource ? call : (ushort)0;
                break;
        }
    }

    /// <summary>PPP in enhanced GRE, as PPTP has it: version 1 with a key, neither checksum nor routing.</summary>
    /// <param name="gre">The header's first eight bytes or more.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsPptp(ReadOnlySpan<byte> gre) =>
        gre.Length >= 8 && (BinaryPrimitives.ReadUInt16BigEndian(gre) & PptpFlagsMask) == PptpFlags
        && BinaryPrimitives.ReadUInt16BigEndian(gre[2..]) == EtherTypes.Ppp;

    /// <summary>The receiver's call identifier of such a packet.</summary>
    public static ushort CallId(ReadOnlySpan<byte> gre) => BinaryPrimitives.ReadUInt16BigEndian(gre[CallAt..]);

    /// <summary>Writes the receiver's call identifier; no checksum covers it.</summary>
    public static void WriteCallId(Span<byte> gre, ushort call) =>
        BinaryPrimitives.WriteUInt16BigEndian(gre[CallAt..], call);

    /// <summary>A whole UDP-Lite datagram contradicts itself (RFC 3828 section 3.1).</summary>
    /// <param name="datagram">Header and payload, at least eight bytes.</param>
    public static bool IsBadUdpLite(ReadOnlySpan<byte> datagram)
    {
        int coverage = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        return coverage is > 0 and < UdpLiteView.HeaderSize || coverage > datagram.Length;
    }

    /// <summary>A whole DCCP packet is cut short or contradicts itself (RFC 4340 section 5.1).</summary>
    /// <param name="packet">Header and payload.</param>
    public static bool IsBadDccp(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < DccpView.HeaderSizeMin)
            return true;
        int least = (packet[8] & 1) != 0 ? DccpView.HeaderSizeExtended : DccpView.HeaderSizeMin;
        int header = packet[4] * 4;
        return header < least || header > packet.Length;
    }
}
