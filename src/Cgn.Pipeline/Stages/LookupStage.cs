using System;

using Cgn.Nat;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// Second stage, the same both ways: reads the buckets that parsing had fetched and has the sessions fetched, then their subscribers. Each
/// pass goes over the whole batch, so that the memory accesses of all its packets are under way together.
/// </summary>
internal static class LookupStage
{
    /// <summary>Runs the stage over a batch.</summary>
    /// <param name="batch">Packets with their hashes.</param>
    /// <param name="nat">The shard's NAT.</param>
    /// <param name="outbound">Which of the two session indexes.</param>
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
        }

        foreach (byte i in fast)
            nat.PrefetchSubscriberOf(packets[i].Session);
    }
}
