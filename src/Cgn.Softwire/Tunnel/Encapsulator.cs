using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Memory;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>Puts an IPv4 packet into a softwire: the outer IPv6 header goes into the bytes in front of it (RFC 2473
/// §3.1, RFC 6333).</summary>
public static class Encapsulator
{
    /// <summary>Bytes that a softwire adds without options.</summary>
    public const int HeaderSize = Ipv6View.HeaderSize;

    private const byte EcnMask = 3;
    private const int PayloadLengthOffset = 4;

    // Next header IPv4, 8 bytes; the limit, of one byte, in the fifth; PadN of one zero byte (RFC 2473 §5.1).
    private const ulong LimitHeader = 0x0400_0401_0001_0100;
    private const int LimitShift = 24;

    /// <summary>Writes the outer header in any form. The inner packet's time to live has been decremented by then (RFC
    /// 2473 §3.1).</summary>
    /// <param name="header">The <see cref="SoftwireForm.HeaderBytes"/> bytes in front of the inner packet.</param>
    /// <param name="form">How it is to look.</param>
    /// <param name="innerTos">Second byte of the inner IPv4 header.</param>
    /// <param name="innerLength">Bytes of the inner packet, exactly as its total length says: 20 to 65,527.</param>
    /// <param name="source">The address that the B4 knows us by.</param>
    /// <param name="destination">The B4's address.</param>
    /// <param name="flowLabel">0 to 2^20 - 1, see <see cref="FlowLabel"/>; 0 means none.</param>
    public static void Write(
        Span<byte> header,
        in SoftwireForm form,
        byte innerTos,
        int innerLength,
        Ipv6Address source,
        Ipv6Address destination,
        uint flowLabel)
    {
        bool isLimited = form.EncapsulationLimit >= 0;
        new Ipv6Header
        {
            TrafficClass = OuterTrafficClass(innerTos, form),
            FlowLabel = form.LabelsFlows ? flowLabel : 0,
            PayloadLength = innerLength + form.HeaderBytes - HeaderSize,
            NextHeader = isLimited ? IpProtocol.DestinationOptions : IpProtocol.Ipv4,
            HopLimit = form.HopLimit,
            Source = source,
            Destination = destination,
        }.Write(header);
        if (isLimited)
        {
            ulong option = LimitHeader | ((ulong)(uint)form.EncapsulationLimit << LimitShift);
            BinaryPrimitives.WriteUInt64BigEndian(header[HeaderSize..], option);
        }
    }

    /// <summary>Writes the outer header in the usual form, where it lies in a frame.</summary>
    /// <param name="header">Begins with the bytes in front of the inner packet.</param>
    /// <param name="innerTos">Second byte of the inner IPv4 header.</param>
    /// <param name="innerLength">Bytes of the inner packet, 20 to 65,535.</param>
    /// <param name="sourceHigh">Bits 127 to 64 of the address that the B4 knows us by, host order.</param>
    /// <param name="sourceLow">Bits 63 to 0 of it.</param>
    /// <param name="destinationHigh">Bits 127 to 64 of the B4's address, host order.</param>
    /// <param name="destinationLow">Bits 63 to 0 of it.</param>
    /// <param name="flowLabel">0 to 2^20 - 1, see <see cref="FlowLabel"/>; 0 means none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUsual(
        FrameWindow header,
        byte innerTos,
        int innerLength,
        ulong sourceHigh,
        ulong sourceLow,
        ulong destinationHigh,
        ulong destinationLow,
        uint flowLabel)
    {
        // Version, traffic class and flow label; length, next header and hop limit (RFC 8200 §3).
        ulong labels = (6UL << 28) | ((ulong)innerTos << 20) | flowLabel;
        ulong lengths = ((ulong)(uint)innerLength << 16) | ((ulong)IpProtocol.Ipv4 << 8) | SoftwireForm.UsualHopLimit;
        header.Write64(0, (labels << 32) | lengths);
        header.Write64(8, sourceHigh);
        header.Write64(16, sourceLow);
        header.Write64(24, destinationHigh);
        header.Write64(32, destinationLow);
    }

    /// <summary>Sets the payload length to what there is.</summary>
    /// <param name="packet">A softwire packet from its first byte to its last.</param>
    public static void FixLength(Span<byte> packet) =>
        BinaryPrimitives.WriteUInt16BigEndian(packet[PayloadLengthOffset..], (ushort)(packet.Length - HeaderSize));

    /// <summary>What an inner packet's DSCP and ECN become outside (RFC 2983 §3.1, RFC 6040 §4.1).</summary>
    /// <param name="innerTos">Second byte of the inner IPv4 header.</param>
    /// <param name="form">How the outer header is to look.</param>
    public static byte OuterTrafficClass(byte innerTos, in SoftwireForm form)
    {
        int dscp = form.TrafficClass < 0 ? innerTos & ~EcnMask : form.TrafficClass << 2;
        return (byte)(dscp | (form.CopiesEcn ? innerTos & EcnMask : 0));
    }

    /// <summary>A label that is the same for all packets of an inner flow, spreads flows evenly and is never 0 (RFC
    /// 6438 §3, RFC 6437 §3).</summary>
    /// <param name="flowHash">Any hash of the inner flow, keyed or not.</param>
    /// <param name="key">A secret, so that nobody outside can choose labels.</param>
    /// <returns>1 to 2^20 - 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FlowLabel(ulong flowHash, ulong key) =>
        1 + (uint)(((Hash.Mix(flowHash ^ key) >> 32) * 0xF_FFFF) >> 32);
}
