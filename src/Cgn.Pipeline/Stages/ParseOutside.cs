using System;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// First stage from outside: opens IPv4 packets, works out to which worker their external endpoint belongs, and has
/// the bucket of the flow's session fetched.
/// </summary>
internal static class ParseOutside
{
    /// <summary>Runs the stage over a part of a batch.</summary>
    /// <param name="batch">The batch; packets for the fast way are added to its list.</param>
    /// <param name="state">What the stages work on.</param>
    /// <param name="from">The first packet that it takes.</param>
    /// <param name="to">The first that it leaves.</param>
    public static void Run(PacketBatch batch, GatewayState state, int from, int to)
    {
        Span<Frame> frames = batch.Frames;
        Span<PacketContext> packets = batch.Packets;
        Span<byte> fast = batch.Fast;
        int fastCount = batch.FastCount;
        bool sharded = state.Settings.ShardCount > 1;
        for (int i = from; i < to && i < frames.Length && i < packets.Length; i++)
        {
            ref Frame frame = ref frames[i];
            ref PacketContext c = ref packets[i];
            ParseInside.Begin(ref c, frame);
            if (!PlainParser.TryPlain(state.Store, frame, outbound: false, ref c))
                Read(state.Store, frame, state.Settings, ref c);
            if (c.Class == PacketClass.Refused)
                continue;
            if (sharded && !ParseInside.IsSettled(frame, c)
                && IsElsewhere(state.Store.Chunk(frame.Chunk), ref c, state))
                continue;
            if (c.Class != PacketClass.Flow)
                continue;
            c.Hash = state.Nat.InboundHash(c.Flow);
            state.Nat.PrefetchInbound(c.Hash);
            fast[fastCount++] = (byte)i;
        }

        batch.FastCount = fastCount;
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

        ushort type = LinkParser.Read(store, frame, ref c);
        if (type == EtherTypes.Ipv4)
            Ipv4Parser.Read(
                store, frame.Chunk, c.NetworkAt, (int)(frame.Offset + frame.Length), outbound: false,
                settings.IpOptions, ref c);
        else
            c.Refuse(type == EtherTypes.Ipv6 ? DropReason.NotOurs : DropReason.UnknownEtherType);
    }

    private static bool IsElsewhere(ReadOnlySpan<byte> chunk, ref PacketContext c, GatewayState state)
    {
        int owner = Ownership.OfInbound(chunk, c, state);
        if (owner < 0 || owner == state.Shard)
            return false;
        c.Verdict = Verdict.Handoff;
        c.Owner = (ushort)owner;
        c.Class = PacketClass.Refused;
        return true;
    }
}
