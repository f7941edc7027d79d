using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// Other pools under traffic: what still fits isn't touched, neither record nor index.
public sealed partial class NatShard
{
    // In place of the next block's number: in no chain.
    private const uint Unchained = uint.MaxValue;

    private void Refit(PoolTable before, in WorkerTime now)
    {
        NumberBlocks();
        bool isCut = !_pools.Covers(before);
        for (uint i = 1; i < _blocks.Fresh; i++)
        {
            ref BlockRecord b = ref _blocks[i];
            if (b.Subscriber == 0)
                continue;
            if (!b.IsGivenOut)
            {
                KeepOrDropWaiting(i);
                Commit();
                continue;
            }

            if (TryKeepBlock(i))
                continue;
            isCut = true;
            // First off its subscriber's chain, so that no new mapping gets a port of it while the old ones end.
            Unchain(ref _subscribers[b.Subscriber], i);
            Commit();
        }

        // Only where something went does every mapping have to be looked at.
        if (isCut)
            EndUnfit(before, now);
        _counters[CounterId.BlocksTotal] = _blocks.Total;
        _blocks.Show(_board);
    }

    private void EndUnfit(PoolTable before, in WorkerTime now)
    {
        for (uint i = 1; i < _mappings.Fresh; i++)
        {
            ref readonly MappingRecord m = ref _mappings[i];
            if (m.IsLive && (!_pools.Contains(m.ExternalAddress) || IsCut(m.Block)))
                EndMapping(i, now);
        }

        for (uint i = 1; i < _blocks.Fresh; i++)
        {
            ref readonly BlockRecord b = ref _blocks[i];
            if (!b.IsGivenOut || b.NextOfSubscriber != Unchained)
                continue;
            // Of a computed set nothing was told when it began.
            if (before.Plan is null || before.TryBlockOf(b.ExternalAddress, b.FirstPort, out _))
                TellBlock(EventKind.BlockReleased, b.Subscriber, b, now.UnixMs);
            Kept(ref _counters[CounterId.BlocksReleased])++;
            _blocks.Drop(i);
            Commit();
        }
    }

    private bool IsCut(uint block) => block != 0 && _blocks[block].NextOfSubscriber == Unchained;

    private void Unchain(ref SubscriberRecord s, uint block)
    {
        ref uint link = ref s.FirstBlock;
        for (int i = 0; link != 0 && link != block && i < BlocksWalked; i++)
            link = ref _blocks[link].NextOfSubscriber;
        if (link == block)
        {
            Kept(ref link) = _blocks[block].NextOfSubscriber;
            LoseBlock(ref s);
        }

        Kept(ref _blocks[block].NextOfSubscriber) = Unchained;
    }
}
