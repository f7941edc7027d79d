using System;
using System.Runtime.CompilerServices;

using Cgn.Nat;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// Second stage, the same both ways: reads the buckets that parsing had fetched and has the sessions fetched, then
/// their subscribers. Each pass goes over the whole batch, so that the memory accesses of all its packets are under
/// way together.
/// </summary>
internal static class LookupStage
{
    /// <summary>Runs the stage over a batch.</summary>
    /// <param name="batch">Packets with their hashes.</param>
    /// <param name="nat">The shard's NAT.</param>
    /// <param name="outbound">Which of the two session indexes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(PacketBatch batch, NatShard nat, bool outbound)
    {
        Span<PacketContext> packets = batch.Packets;
        ReadOnlySpan<byte> fast = batch.Fast[..batch.FastCount];
        foreach (byte i in fast)
        {
            ref PacketContext c = ref packets[i];
            uint candidate = outbound ? nat.OutboundCandidate(c.Hash) : nat.InboundCandidate(c.Hash);
            c.Session = candidate;
            nat.PrefetchSession(candidate);
            if (candidate == 0)
                PrefetchNext(nat, c.Hash, outbound);
        }

        // A few in a hundred found their bucket full when they were made.
        foreach (byte i in fast)
        {
            ref PacketContext c = ref packets[i];
            if (c.Session != 0)
                continue;
            c.Session = outbound ? nat.OutboundCandidateNext(c.Hash) : nat.InboundCandidateNext(c.Hash);
            nat.PrefetchSession(c.Session);
        }

        foreach (byte i in fast)
            nat.PrefetchSubscriberOf(packets[i].Session);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext(NatShard nat, ulong hash, bool outbound)
    {
        if (outbound)
            nat.PrefetchOutboundNext(hash);
        else
            nat.PrefetchInboundNext(hash);
    }
}
