using System;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Slow;
using Cgn.Wire;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// First stage from inside: opens softwire packets and shared-space IPv4, works out who sends and to which worker it
/// belongs, and has the bucket of the flow's session fetched.
/// </summary>
internal static class ParseInside
{
    private const int Ipv6HeaderBytes = 40;
    private const int ShortOptionsBytes = 8;

    // Next header IPv4, 8 bytes, tunnel encapsulation limit of any value, PadN of one byte.
    private const ulong LimitHeader = 0x0400_0401_0001_0100;
    private const ulong LimitHeaderMask = 0xFFFF_FFFF_00FF_FFFF;

    /// <summary>Runs the stage over a part of a batch.</summary>
    /// <param name="batch">The batch; packets for the fast way are added to its list.</param>
    /// <param name="state">What the stages work on.</param>
    /// <param name="from">The first packet that it takes.</param>
    /// <param name="to">The first that it leaves.</param>
    public static void Run(PacketBatch batch, GatewayState state, int from, int to)
    {
        PipelineSettings settings = state.Settings;
        Span<Frame> frames = batch.Frames;
        Span<PacketContext> packets = batch.Packets;
        Span<byte> fast = batch.Fast;
        int fastCount = batch.FastCount;
        for (int i = from; i < to && i < frames.Length && i < packets.Length; i++)
        {
            ref Frame frame = ref frames[i];
            ref PacketContext c = ref packets[i];
            Begin(ref c, frame);
            if (!PlainParser.TrySoftwire(state.Store, frame, settings, ref c)
                && !PlainParser.TryCustomer(state.Store, frame, ref c))
            {
                Read(state.Store, frame, settings, ref c);
            }

            if (c.Class == PacketClass.Refused)
                continue;
            if (settings.ShardCount > 1 && !IsSettled(frame, c) && IsElsewhere(ref c, state))
                continue;
            if (c.Class != PacketClass.Flow)
                continue;
            c.Hash = state.Nat.OutboundHash(c.Key, c.Flow);
            state.Nat.PrefetchOutbound(c.Hash);
            fast[fastCount++] = (byte)i;
        }

        batch.FastCount = fastCount;
    }

    /// <summary>Clears what a context may carry over from the packet before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin(ref PacketContext c, in Frame frame)
    {
        c.Verdict = Verdict.None;
        c.Reason = DropReason.None;
        c.Session = 0;
        c.PortsKnown = (frame.Flags & FrameFlags.PortsKnown) != 0;
        c.Hairpinned = (frame.Flags & FrameFlags.Hairpinned) != 0;
    }

    /// <summary>Reads any frame whatever: the way of those that are not plain.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Read(FrameStore store, in Frame frame, PipelineSettings settings, ref PacketContext c)
    {
        if (frame.Length < LinkParser.FrameMin)
        {
            c.Refuse(DropReason.Truncated);
            return;
        }

        int end = (int)(frame.Offset + frame.Length);
        ushort type = LinkParser.Read(store, frame, ref c);
        if (type == EtherTypes.Ipv6)
            ReadSoftwire(store, frame.Chunk, end, settings, ref c);
        else if (type == EtherTypes.Ipv4)
            ReadCustomer(store, frame.Chunk, end, settings, ref c);
        else
            c.Refuse(DropReason.UnknownEtherType);
    }

    private static void ReadSoftwire(
        FrameStore store, uint chunk, int end, PipelineSettings settings, ref PacketContext c)
    {
        int at = c.NetworkAt;
        if (end - at < Ipv6HeaderBytes)
        {
            c.Refuse(DropReason.Truncated);
            return;
        }

        FrameWindow header = store.Window(chunk, at);
        ulong first = header.Read64(0);
        int packetEnd = at + Ipv6HeaderBytes + (ushort)(first >> 16);
        if (first >> 60 != 6 || packetEnd > end)
        {
            c.Refuse(first >> 60 != 6 ? DropReason.BadIpv6Header : DropReason.Truncated);
            return;
        }

        c.OuterTos = (byte)(first >> 52);
        ulong b4High = header.Read64(8);
        ulong b4Low = header.Read64(16);
        c.B4High = b4High;
        c.B4Low = b4Low;
        c.Key = new SubscriberKey(b4High & settings.KeyMaskHigh, b4Low & settings.KeyMaskLow, SubscriberKind.DsLite);
        if (!TryFindAftr(settings.AftrAddresses, header.Read64(24), header.Read64(32), out c.Aftr))
        {
            c.Refuse(DropReason.NotOurs);
            return;
        }

        byte next = (byte)(first >> 8);
        int inner = at + Ipv6HeaderBytes;
        if (next != (byte)IpProtocol.Ipv4)
        {
            // What Linux puts before the inner packet: one unit of destination options with the tunnel encapsulation
            // limit (RFC 2473 4.1.1).
            if (next != (byte)IpProtocol.DestinationOptions || packetEnd - inner < ShortOptionsBytes
                || (header.Read64(40) & LimitHeaderMask) != LimitHeader)
            {
                c.Class = PacketClass.Outer;
                // An error about a softwire belongs to the softwire's subscriber, whoever sends it.
                Span<byte> packet = store.Chunk(chunk)[at..packetEnd];
                if (QuotedSoftwire.TryReadKeyOfError(packet, settings, out SubscriberKey key))
                    c.Key = key;
                return;
            }

            inner += ShortOptionsBytes;
        }

        Ipv4Parser.Read(store, chunk, inner, packetEnd, outbound: true, settings.IpOptions, ref c);
    }

    private static void ReadCustomer(
        FrameStore store, uint chunk, int end, PipelineSettings settings, ref PacketContext c)
    {
        Ipv4Parser.Read(store, chunk, c.NetworkAt, end, outbound: true, settings.IpOptions, ref c);
        c.OuterTos = c.Tos;
        c.Aftr = 0;
        c.B4High = 0;
        uint customer = c.Class == PacketClass.IcmpError
            ? Ownership.CustomerOfError(store.Chunk(chunk), c, settings)
            : c.Flow.InternalAddress;
        c.B4Low = customer;
        c.Key = new SubscriberKey(0, customer, SubscriberKind.Nat444);
    }

    private static bool TryFindAftr(Ipv6PrefixSetting[] addresses, ulong high, ulong low, out byte number)
    {
        for (int i = 0; i < addresses.Length; i++)
        {
            if (((addresses[i].High ^ high) | (addresses[i].Low ^ low)) != 0)
                continue;
            number = (byte)i;
            return true;
        }

        number = 0;
        return false;
    }

    /// <summary>
    /// Whoever handed it over has found that it is ours. Only of flows: what must be put together may go on from here.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsSettled(in Frame frame, in PacketContext c) =>
        (frame.Flags & FrameFlags.HandedOff) != 0 && c.Class == PacketClass.Flow;

    private static bool IsElsewhere(ref PacketContext c, GatewayState state)
    {
        int owner = NatShard.ShardOf(c.Key, state.Settings.ShardCount, state.Settings.Seed);
        if (owner == state.Shard)
            return false;
        c.Verdict = Verdict.Handoff;
        c.Owner = (ushort)owner;
        c.Class = PacketClass.Refused;
        return true;
    }
}
