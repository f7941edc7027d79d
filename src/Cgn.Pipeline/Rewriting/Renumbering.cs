using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Slow;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>
/// Gives packets that are fragments, or may become some, an identification of our own: who shares an external address
/// is one source to the receiver, and two subscribers' fragments with the same number would be put together there
/// (RFC 6864 5.3.1, RFC 3022 6.3).
/// </summary>
internal static class Renumbering
{
    private const int IdentificationOffset = 4;
    private const int ChecksumOffset = 10;
    private const ushort FragmentBits = 0x3FFF;
    private const ushort Chosen = 1;

    /// <summary>Renumbers a packet whose addresses are external already.</summary>
    /// <param name="packet">From the first byte of the IPv4 header.</param>
    /// <param name="c">What parsing found, before translation.</param>
    /// <param name="s">Its session.</param>
    /// <param name="state">The worker's state.</param>
    /// <param name="now">The time.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Apply(
        Span<byte> packet, in PacketContext c, in SessionRecord s, GatewayState state, in WorkerTime now)
    {
        ushort number = (c.FragmentField & FragmentBits) == 0
            ? Next(c, s, state, now)
            : OfDatagram(c, s, state, now);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[ChecksumOffset..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[IdentificationOffset..], number);
        BinaryPrimitives.WriteUInt16BigEndian(
            packet[ChecksumOffset..], ChecksumDelta.Between(c.Identification, number).Apply(checksum));
    }

    /// <summary>Gives a packet without a session, no fragment, its number; the header's checksum is the caller's.
    /// </summary>
    /// <param name="packet">From the first byte of the IPv4 header.</param>
    /// <param name="source">Its external source address.</param>
    /// <param name="destination">Its destination address.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <param name="state">The worker's state.</param>
    /// <param name="now">The time.</param>
    public static void Number(
        Span<byte> packet, uint source, uint destination, IpProtocol protocol, GatewayState state, in WorkerTime now) =>
        BinaryPrimitives.WriteUInt16BigEndian(
            packet[IdentificationOffset..],
            state.Tables.Identifications.Next(source, destination, (byte)protocol, now.Tick));

    // All fragments of a datagram have the number that the first of them to leave was given.
    private static ushort OfDatagram(in PacketContext c, in SessionRecord s, GatewayState state, in WorkerTime now)
    {
        ref FragmentEntryUser datagram = ref state.Tables.Ipv4.User(FragmentFlow.OutboundKey(c, state));
        if ((datagram.Flags & Chosen) == 0)
        {
            datagram.Identification = Next(c, s, state, now);
            datagram.Flags |= Chosen;
        }

        return datagram.Identification;
    }

    private static ushort Next(in PacketContext c, in SessionRecord s, GatewayState state, in WorkerTime now) =>
        state.Tables.Identifications.Next(s.ExternalAddress, c.Flow.RemoteAddress, c.Flow.Protocol, now.Tick);
}
