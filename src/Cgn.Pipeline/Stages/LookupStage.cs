using System;
using System.Runtime.CompilerServices;

using Cgn.Nat;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// Second stage, the same both ways: reads the buckets that parsing had fetched and has the sessions fetched, then
/// their subscribers. Its parts take what the one before them took a round ago, when the memory has had time to
/// answer.
/// </summary>
internal static class LookupStage
{
    /// <summary>Reads the buckets and has the sessions fetched; what is not there may lie in the next bucket.</summary>
    /// <param name="batch">Packets with their hashes, whose buckets have been asked for.</param>
    /// <param name="nat">The shard's NAT.</param>
    /// <param name="outbound">Which of the two session indexes.</param>
    /// <param name="from">The first of the fast packets that it takes.</param>
    /// <param name="to">The first that it leaves.</param>
    public static void Find(PacketBatch batch, NatShard nat, bool outbound, int from, int to)
    {
        Span<PacketContext> packets = batch.Packets;
        foreach (byte i in batch.Fast[from..to])
        {
            ref PacketContext c = ref packets[i];
            uint candidate = outbound ? nat.OutboundCandidate(c.Hash) : nat.InboundCandidate(c.Hash);
            c.Session = candidate;
            nat.PrefetchSession(candidate);
            if (candidate == 0)
                PrefetchNext(nat, c.Hash, outbound);
        }
    }

    /// <summary>Looks on for the sessions whose buckets were full when they were made: a few in a hundred.</summary>
    /// <param name="batch">Packets that <see cref="Find"/> has been over.</param>
    /// <param name="nat">The shard's NAT.</param>
    /// <param name="outbound">Which of the two session indexes.</param>
    /// <param name="from">The first of the fast packets that it takes.</param>
    /// <param name="to">The first that it leaves.</param>
    public static void FindOverflowed(PacketBatch batch, NatShard nat, bool outbound, int from, int to)
    {
        Span<PacketContext> packets = batch.Packets;
        foreach (byte i in batch.Fast[from..to])
        {
            ref PacketContext c = ref packets[i];
            if (c.Session != 0)
                continue;
            c.Session = outbound ? nat.OutboundCandidateNext(c.Hash) : nat.InboundCandidateNext(c.Hash);
            nat.PrefetchSession(c.Session);
        }
    }

    /// <summary>Reads the sessions and has their subscribers fetched.</summary>
    /// <param name="batch">Packets that <see cref="FindOverflowed"/> has been over.</param>
    /// <param name="nat">The shard's NAT.</param>
    /// <param name="from">The first of the fast packets that it takes.</param>
    /// <param name="to">The first that it leaves.</param>
    public static void FetchSubscribers(PacketBatch batch, NatShard nat, int from, int to)
    {
        Span<PacketContext> packets = batch.Packets;
        foreach (byte i in batch.Fast[from..to])
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
