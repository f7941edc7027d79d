using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Nat;

// Port blocks: given to subscribers and taken back, and the ports in them.
public sealed partial class NatShard
{
    // Longest chain of blocks of one subscriber: the most that a plan may allow.
    private const int BlocksWalked = 64;

    // The ports of a protocol that a block has given out.
    private static ref ushort Used(ref BlockRecord block, byte protocol)
    {
        switch ((IpProtocol)protocol)
        {
            case IpProtocol.Tcp:
                return ref block.UsedTcp;
            case IpProtocol.Udp:
                return ref block.UsedUdp;
            case IpProtocol.Icmp:
                return ref block.UsedIcmp;
            default:
                return ref block.UsedOther;
        }
    }

    private static int SizeOf(in BlockRecord block) => block.LastPort - block.FirstPort + 1;

    private static uint Places(in BlockRecord block) =>
        System.Numerics.BitOperations.RoundUpToPowerOf2((uint)SizeOf(block));

    private static bool IsUnused(in BlockRecord block) =>
        (block.UsedTcp | block.UsedUdp | block.UsedIcmp | block.UsedOther) == 0;

    // Another block for a subscriber, from its paired address (RFC 6888 REQ-2; strict by RFC 7857 section 4). In
    // deterministic mode the first is the computed set (RFC 7422), of which nothing is told.
    private uint GiveBlock(uint subscriber, in WorkerTime now, out DropReason refusal)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        bool isSet = _pools.Plan is not null && !HasSet(s);
        refusal = s.BlockCount >= _limits[s.Plan].BlocksMax ? DropReason.BlockLimit
            : isSet ? DropReason.None
            : !MayOverflow(s) ? DropReason.BlockLimit
            : MustNotLoseEvents ? DropReason.LogOverflow
            : DropReason.None;
        if (refusal != DropReason.None)
            return 0;
        uint block = isSet ? TakeSet(s) : TakeBlock(s);
        if (block == 0)
        {
            _counters[CounterId.BlocksExhausted]++;
            refusal = DropReason.NoBlock;
            return 0;
        }

        ref BlockRecord b = ref _blocks[block];
        b.IdleSince = now.Tick;
        b.AllocatedUnixSeconds = (uint)(now.UnixMs / 1000);
        b.Subscriber = subscriber;
        if (_interims.Length != 0)
            _interims[block] = 0;
        if (s.ExternalAddress == 0 || (s.BlockCount == 0 && s.MappingCount == 0))
        {
            Kept(ref s.ExternalAddress) = b.ExternalAddress;
            Kept(ref s.Pool) = (ushort)_pools.PoolOf(b.ExternalAddress);
        }

        if (s.BlockCount == 0)
            Kept(ref _counters[CounterId.AddressMappingsCreated])++;
        Append(ref s, block);
        Kept(ref _counters[CounterId.BlocksAllocated])++;
        if (!isSet)
            TellBlock(EventKind.BlockAllocated, subscriber, b, now.UnixMs);
        return block;
    }

    private uint TakeBlock(in SubscriberRecord s)
    {
        bool isFirst = s.BlockCount == 0;
        bool isComputed = _pools.Plan is not null;
        ref readonly PlanLimits plan = ref _limits[s.Plan];
        _pools.AddressesFor(KeyOf(s), plan.Number, out int first, out int end);
        if (plan.GrantedPool != PlanLimits.NoPool && !isComputed)
            _pools.AddressesOf(plan.GrantedPool, out first, out end);
        if (s.ExternalAddress != 0 && _pools.TryFind(s.ExternalAddress, out int paired))
        {
            // Nothing shows the old address any more: the subscriber may be paired anew.
            bool isUsed = s.BlockCount != 0 || s.MappingCount != 0;
            bool isBound = isComputed || (_settings.Paired && !_settings.SoftPaired && isUsed);
            bool isAllowed = isUsed || isComputed || (paired >= first && paired < end);
            uint block = isAllowed ? TakeAt(paired, isFirst) : 0;
            if (block != 0 || isBound)
                return block;
        }

        int address = _blocks.PickAddress(first, end, whole: true, ref _blockChance);
        if (address < 0)
            address = _blocks.PickAddress(first, end, whole: false, ref _blockChance);
        return address < 0 ? 0 : TakeAt(address, isFirst);
    }

    // A block of the size that is due; where that is the larger one and no whole group is left, a smaller block is
    // better than none (RFC 6888 REQ-13).
    private uint TakeAt(int address, bool isFirst)
    {
        PoolSettings pool = _pools.SettingsOf(_pools.PoolOf(_pools.AddressOf(address)));
        int size = isFirst ? pool.FirstBlockSize : pool.PortSetSize;
        bool whole = size == pool.GroupSize;
        uint block = _blocks.Take(_pools, address, whole, ref _blockChance);
        return block == 0 && whole && pool.UnitSize != size
            ? _blocks.Take(_pools, address, whole: false, ref _blockChance)
            : block;
    }

    private void Append(ref SubscriberRecord s, uint block)
    {
        ref uint last = ref s.FirstBlock;
        for (int i = 0; last != 0 && i < BlocksWalked; i++)
            last = ref _blocks[last].NextOfSubscriber;
        Kept(ref last) = block;
        if (s.BlockCount == 0)
            Kept(ref _counters[CounterId.AddressMappings])++;
        Kept(ref s.BlockCount)++;
    }

    private void LoseBlock(ref SubscriberRecord s)
    {
        Kept(ref s.BlockCount)--;
        if (s.BlockCount == 0)
            Kept(ref _counters[CounterId.AddressMappings])--;
    }

    // Gives back a subscriber's blocks that have been unused for as long as their pool says; while it has sessions, one
    // stays.
    private void ReleaseIdleBlocks(uint subscriber, in WorkerTime now)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        uint previous = 0;
        uint block = s.FirstBlock;
        for (int i = 0; block != 0 && i < BlocksWalked; i++)
        {
            ref BlockRecord b = ref _blocks[block];
            uint next = b.NextOfSubscriber;
            bool isDue = IsUnused(b) && now.Tick - b.IdleSince >= IdleTicksOf(b);
            // While it has sessions, one stays; a computed set stays until the last, since it is to be filled first.
            bool isLast = s.BlockCount == 1 ? s.SessionCount != 0 : IsSet(b);
            // The end of a block that can't be told now is told at the next sweep: until then it stays.
            if (!isDue || isLast || MustNotLoseEvents)
            {
                previous = block;
                TellHeld(subscriber, block, now);
            }
            else
            {
                if (previous == 0)
                    Kept(ref s.FirstBlock) = next;
                else
                    Kept(ref _blocks[previous].NextOfSubscriber) = next;
                LoseBlock(ref s);
                ReleaseBlock(subscriber, block, now);
            }

            Commit();
            block = next;
        }
    }

    private void ReleaseBlock(uint subscriber, uint block, in WorkerTime now)
    {
        ref BlockRecord b = ref _blocks[block];
        if (!IsSet(b))
            TellBlock(EventKind.BlockReleased, subscriber, b, now.UnixMs);
        GiveBlock(block);
    }

    private void GiveBlock(uint block)
    {
        Kept(ref _counters[CounterId.BlocksReleased])++;
        _blocks.Give(_pools, block);
    }

    // A block that its subscriber keeps is told again at an interval. How often it was is forgotten with the process:
    // after a restart it is told once more.
    private void TellHeld(uint subscriber, uint block, in WorkerTime now)
    {
        if (_interims.Length == 0)
            return;
        ref readonly BlockRecord b = ref _blocks[block];
        uint age = AgeSeconds(b, now);
        uint times = age / _settings.BlockInterimSeconds;
        if (times == _interims[block] || times == 0 || MustNotLoseEvents || IsSet(b))
            return;
        _interims[block] = times;
        TellBlock(EventKind.BlockHeld, subscriber, b, now.UnixMs);
    }

    // The wall clock may be set back: then a block counts as new.
    private static uint AgeSeconds(in BlockRecord block, in WorkerTime now) =>
        (uint)Math.Max(0, (int)((uint)(now.UnixMs / 1000) - block.AllocatedUnixSeconds));
}
