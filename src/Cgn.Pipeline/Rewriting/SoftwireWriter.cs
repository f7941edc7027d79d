using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Contract.Settings;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>Puts inner packets into softwires of any configured form; the usual one is written by the fast way
/// itself.</summary>
internal static class SoftwireWriter
{
    private const int TosOffset = 1;
    private const int ChecksumOffset = 10;
    private const int EcnMask = 3;

    /// <summary>Writes the outer header in front of an inner packet.</summary>
    /// <param name="chunk">The whole chunk.</param>
    /// <param name="at">First byte of the inner packet.</param>
    /// <param name="length">Bytes of the inner packet; gets those of the softwire packet.</param>
    /// <param name="aftr">Number of the AFTR address that the B4 knows us by.</param>
    /// <param name="b4">The B4's address.</param>
    /// <param name="flowHash">Any hash of the inner flow; 0 for no label.</param>
    /// <param name="settings">The form.</param>
    /// <returns>First byte of the softwire packet.</returns>
    public static int Wrap(
        Span<byte> chunk, int at, ref int length, byte aftr, Ipv6Address b4, ulong flowHash, PipelineSettings settings)
    {
        ref readonly SoftwireForm form = ref settings.SoftwireForm;
        Ipv6PrefixSetting own = settings.AftrAddresses[aftr];
        int outer = at - form.HeaderBytes;
        Encapsulator.Write(
            chunk.Slice(outer, form.HeaderBytes), form, chunk[at + TosOffset], length,
            new Ipv6Address(own.High, own.Low), b4,
            flowHash == 0 ? 0 : Encapsulator.FlowLabel(flowHash, settings.Seed));
        length += form.HeaderBytes;
        return outer;
    }

    /// <summary>The same for a packet from outside, whose DSCP may have to change first (RFC 6908 2.5.2).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int WrapInbound(
        Span<byte> chunk, int at, ref int length, byte aftr, Ipv6Address b4, ulong flowHash, PipelineSettings settings)
    {
        if (settings.SoftwireForm.InnerDscp >= 0)
            Remark(chunk[at..], settings.SoftwireForm.InnerDscp);
        return Wrap(chunk, at, ref length, aftr, b4, flowHash, settings);
    }

    private static void Remark(Span<byte> packet, int dscp)
    {
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(packet);
        packet[TosOffset] = (byte)((dscp << 2) | (packet[TosOffset] & EcnMask));
        ushort after = BinaryPrimitives.ReadUInt16BigEndian(packet);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[ChecksumOffset..]);
        BinaryPrimitives.WriteUInt16BigEndian(
            packet[ChecksumOffset..], ChecksumDelta.Between(before, after).Apply(checksum));
    }
}
