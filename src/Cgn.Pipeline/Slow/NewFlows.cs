using System;

using Cgn.Memory;
using Cgn.Nat;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// Goes ahead of the slow way from inside and has fetched what the packets behind will touch there, so that a storm
/// of new flows does not wait for each access by itself. The subscribers' buckets were asked for when no session was
/// found.
/// </summary>
internal ref struct NewFlows
{
    private const int Step = 4;

    private readonly NatShard _nat;
    private readonly Span<PacketContext> _packets;
    private readonly Span<uint> _hints;
    private Prng _chance;
    private int _subscribers;
    private int _mappings;
    private int _ports;

    /// <summary>Before the first packet of a batch that has no verdict.</summary>
    public NewFlows(PacketBatch batch, NatShard nat)
    {
        _nat = nat;
        _packets = batch.Packets;
        _hints = batch.Hints;
        _chance = nat.Chance;
    }

    /// <summary>Before a packet is decided.</summary>
    /// <param name="at">Its number in the batch.</param>
    public void Look(int at)
    {
        // Each goes ahead of the next by as many packets as the memory takes to answer, and no further: what is asked
        // for all at once waits for its turn.
        int ports = Math.Min(at + 1 + Step, _packets.Length);
        int mappings = Math.Min(ports + Step, _packets.Length);
        int subscribers = Math.Min(mappings + Step, _hints.Length);
        for (; _subscribers < subscribers; _subscribers++)
        {
            if (IsNewFlow(_packets[_subscribers]))
                _hints[_subscribers] = _nat.PrefetchSubscriber(_packets[_subscribers].Key);
        }

        for (; _mappings < mappings; _mappings++)
        {
            if (IsNewFlow(_packets[_mappings]))
                _nat.PrefetchMapping(_hints[_mappings], _packets[_mappings].Flow);
        }

        for (; _ports < ports; _ports++)
        {
            if (IsNewFlow(_packets[_ports]))
                _nat.PrefetchPort(_hints[_ports], _packets[_ports].Flow, ref _chance);
        }

        if (IsNewFlow(_packets[at]))
            _nat.Expect(_hints[at]);
    }

    private static bool IsNewFlow(in PacketContext c) => c.Verdict == Verdict.None && c.Class == PacketClass.Flow;
}
