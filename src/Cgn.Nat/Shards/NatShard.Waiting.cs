using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// Blocks whose subscriber was forgotten by command: nobody has them, and nobody gets them before their ports would have
// been held long enough (RFC 6888 REQ-8). They are in a chain, those that came first in front, which is made anew
// from the records whenever the blocks are numbered anew.
public sealed partial class NatShard
{
    private uint _waitingFirst;
    private uint _waitingLast;

    // Told as given back: whoever had it has it no longer.
    private void ForgetBlock(uint subscriber, uint block, in WorkerTime now)
    {
        ref BlockRecord b = ref _blocks[block];
        if (IsSet(b) || now.Tick - b.IdleSince >= _settings.HoldDownTimeout)
        {
            ReleaseBlock(subscriber, block, now);
            return;
        }

        TellBlock(EventKind.BlockReleased, subscriber, b, now.UnixMs);
        KeepWaiting(block);
    }

    private void KeepWaiting(uint block)
    {
        ref BlockRecord b = ref _blocks[block];
        Kept(ref b.Subscriber) = BlockRecord.Waiting;
        Kept(ref b.NextOfSubscriber) = 0;
        if (_waitingLast == 0)
            _waitingFirst = block;
        else
            Kept(ref _blocks[_waitingLast].NextOfSubscriber) = block;
        _waitingLast = block;
    }

    private void GiveWaiting(uint tick)
    {
        for (int i = 0; _waitingFirst != 0 && i < BlocksWalked; i++)
        {
            uint block = _waitingFirst;
            ref readonly BlockRecord b = ref _blocks[block];
            if (tick - b.IdleSince < _settings.HoldDownTimeout)
                return;
            _waitingFirst = b.NextOfSubscriber;
            if (_waitingFirst == 0)
                _waitingLast = 0;
            GiveBlock(block);
            Commit();
        }
    }

    private void NumberBlocks()
    {
        _blocks.Number(_pools, _snapshot.Pools.Length);
        _waitingFirst = 0;
        _waitingLast = 0;
    }

    // One that waits, after the blocks were numbered anew: it waits on where the pools have it still.
    private bool KeepOrDropWaiting(uint block)
    {
        if (_blocks.TryKeep(_pools, block))
        {
            KeepWaiting(block);
            return true;
        }

        Kept(ref _counters[CounterId.BlocksReleased])++;
        _blocks.Drop(block);
        return false;
    }
}
