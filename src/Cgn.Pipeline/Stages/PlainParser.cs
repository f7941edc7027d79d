using System.Runtime.CompilerServices;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// Reads what nearly every frame is with one bounds check and few branches: no tags, a bare softwire or none, an IPv4
/// header without options, a whole UDP or TCP packet with time to live to spare, everything right. Of any other frame
/// it says so, and the full parsers decide what it is; where this one reads a frame, they would read the same.
/// </summary>
internal static class PlainParser
{
    private const int LinkBytes = 14;
    private const int TypeAt = 12;
    private const int Ipv6Bytes = 40;
    private const int Ipv4Bytes = 20;
    private const int UdpBytes = 8;
    private const int TcpBytes = 20;
    private const uint Ipv6TypeAndVersion = 0x86DD_6000;
    private const uint Ipv4TypeAndVersion = 0x0800_4500;

    /// <summary>Reads a softwire packet.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="settings">Which AFTR addresses are ours, and the subscriber's bits.</param>
    /// <param name="c">Filled in when it returns true; else undefined.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySoftwire(FrameStore store, in Frame frame, PipelineSettings settings, ref PacketContext c)
    {
        FrameWindow window = store.Window(frame.Chunk, (int)frame.Offset);
        if (((window.Read32(TypeAt) ^ Ipv6TypeAndVersion) & 0xFFFF_F000) != 0)
            return false;
        ulong first = window.Read64(LinkBytes);
        int payload = (ushort)(first >> 16);
        if ((byte)(first >> 8) != (byte)IpProtocol.Ipv4 || payload > (int)frame.Length - LinkBytes - Ipv6Bytes)
            return false;
        ref readonly Ipv6PrefixSetting aftr = ref settings.FirstAftr;
        if (window.Read64(LinkBytes + 24) != aftr.High || window.Read64(LinkBytes + 32) != aftr.Low)
            return false;
        ulong high = window.Read64(LinkBytes + 8);
        ulong low = window.Read64(LinkBytes + 16);
        c.OuterTos = (byte)(first >> 52);
        c.B4High = high;
        c.B4Low = low;
        c.Key = new SubscriberKey(high & settings.KeyMaskHigh, low & settings.KeyMaskLow, SubscriberKind.DsLite);
        c.Aftr = 0;
        return TryIpv4(window, LinkBytes + Ipv6Bytes, (int)frame.Offset, payload, outbound: true, ref c);
    }

    /// <summary>Reads a packet of a NAT444 customer.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="c">Filled in when it returns true; else undefined.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCustomer(FrameStore store, in Frame frame, ref PacketContext c)
    {
        if (!TryPlain(store, frame, outbound: true, ref c))
            return false;
        c.OuterTos = c.Tos;
        c.B4High = 0;
        c.B4Low = c.Flow.InternalAddress;
        c.Key = new SubscriberKey(0, c.Flow.InternalAddress, SubscriberKind.Nat444);
        return true;
    }

    /// <summary>Reads a packet without a softwire.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="outbound">The local endpoint is the source, rather than the destination.</param>
    /// <param name="c">Filled in when it returns true; else undefined.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPlain(FrameStore store, in Frame frame, bool outbound, ref PacketContext c)
    {
        FrameWindow window = store.Window(frame.Chunk, (int)frame.Offset);
        return ((window.Read32(TypeAt) ^ Ipv4TypeAndVersion) & 0xFFFF_FF00) == 0
            && TryIpv4(window, LinkBytes, (int)frame.Offset, (int)frame.Length - LinkBytes, outbound, ref c);
    }

    // The window begins with the frame; the offset of the IPv4 header in it is a constant wherever this is inlined.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryIpv4(FrameWindow window, int at, int frameAt, int room, bool outbound, ref PacketContext c)
    {
        ulong first = window.Read64(at);
        ulong second = window.Read64(at + 8);
        uint destination = window.Read32(at + 16);
        int total = (ushort)(first >> 32);
        uint ttl = (uint)(second >> 56);
        byte protocol = (byte)(second >> 48);
        if (first >> 56 != 0x45 || (first & 0x3FFF) != 0 || total > room || ttl <= 1
            || !Ipv4Parser.IsSumRight(first, second, destination)
            || !IsWhole(window, at + Ipv4Bytes, (IpProtocol)protocol, total - Ipv4Bytes))
        {
            return false;
        }

        c.Ipv4Length = total;
        c.Identification = (ushort)(first >> 16);
        c.FragmentField = (ushort)first;
        c.Tos = (byte)(first >> 48);
        c.Ttl = (byte)ttl;
        c.Flow.Protocol = protocol;
        c.Flow.InternalAddress = outbound ? (uint)second : destination;
        c.Flow.RemoteAddress = outbound ? destination : (uint)second;
        uint ports = window.Read32(at + Ipv4Bytes);
        c.Flow.InternalPort = (ushort)(outbound ? ports >> 16 : ports);
        c.Flow.RemotePort = (ushort)(outbound ? ports : ports >> 16);
        c.NetworkAt = frameAt + LinkBytes;
        c.Ipv4At = frameAt + at;
        c.TransportAt = frameAt + at + Ipv4Bytes;
        c.TagBytes = 0;
        c.Class = PacketClass.Flow;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWhole(FrameWindow window, int at, IpProtocol protocol, int length)
    {
        if (protocol == IpProtocol.Udp)
            return length >= UdpBytes;
        int headerLength = (window.Read8(at + 12) >> 4) * 4;
        return protocol == IpProtocol.Tcp && headerLength >= TcpBytes && headerLength <= length;
    }
}
