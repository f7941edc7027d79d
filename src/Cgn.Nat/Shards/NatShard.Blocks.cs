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

    // A block and a free port in it; 0 and a refusal when the subscriber has none and may have no more.
    private uint FindPort(
        uint subscriber, in FlowKey flow, in WorkerTime now, out ushort port, out DropReason refusal)
    {
        refusal = DropReason.None;
        ref readonly SubscriberRecord s = ref _subscribers[subscriber];
        if (_settings.PortPreservation && TryPreserve(s, flow, out uint preserved))
        {
            port = flow.InternalPort;
            return preserved;
        }

        // The oldest block that has room: later ones then fall idle and can go back.
        uint block = s.FirstBlock;
        for (int i = 0; block != 0 && i < BlocksWalked; i++)
        {
            if (TryPort(ref _blocks[block], flow.Protocol, out port))
                return block;
            block = _blocks[block].NextOfSubscriber;
        }

        port = 0;
        block = GiveBlock(subscriber, now, out refusal);
        if (block != 0 && !TryPort(ref _blocks[block], flow.Protocol, out port))
            refusal = DropReason.NoBlock;
        return refusal == DropReason.None ? block : 0;
    }

    private bool TryPreserve(in SubscriberRecord s, in FlowKey flow, out uint block)
    {
        block = s.FirstBlock;
        for (int i = 0; block != 0 && i < BlocksWalked; i++)
        {
            ref BlockRecord b = ref _blocks[block];
            if (flow.InternalPort >= b.FirstPort && flow.InternalPort <= b.LastPort)
                return FindExternal(b.ExternalAddress, flow.InternalPort, flow.Protocol, 0) == 0;
            block = b.NextOfSubscriber;
        }

        return false;
    }

    // A free port at random (RFC 6056 section 4): all ports of the block from a random one on, by a random odd step
    // through the next power of two, which meets each exactly once. The count says "full" without looking.
    private bool TryPort(ref BlockRecord block, byte protocol, out ushort port)
    {
        port = 0;
        int size = SizeOf(block);
        if (Used(ref block, protocol) >= size)
            return false;
        uint places = Places(block);
        ulong chance = _chance.Next();
        uint at = (uint)chance;
        uint step = (uint)(chance >> 32) | 1;
        for (uint i = 0; i < places; i++, at += step)
        {
            uint offset = at & (places - 1);
            if (offset >= (uint)size)
                continue;
            port = (ushort)(block.FirstPort + offset);
            if (FindExternal(block.ExternalAddress, port, protocol, 0) == 0)
                return true;
        }

        return false;
    }

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
        if (s.ExternalAddress == 0 || (s.BlockCount == 0 && s.MappingCount == 0))
        {
            s.ExternalAddress = b.ExternalAddress;
            s.Pool = (ushort)_pools.PoolOf(b.ExternalAddress);
        }

        Append(ref s, block);
        _counters[CounterId.BlocksAllocated]++;
        if (!isSet)
            TellBlock(EventKind.BlockAllocated, subscriber, b, now.UnixMs);
        return block;
    }

    private uint TakeBlock(in SubscriberRecord s)
    {
        bool isFirst = s.BlockCount == 0;
        bool isComputed = _pools.Plan is not null;
        _pools.AddressesFor(KeyOf(s), s.Plan, out int first, out int end);
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
        last = block;
        s.BlockCount++;
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
            bool isDue = IsUnused(b) && now.Tick - b.IdleSince >= _pools.IdleTicksOf(b.ExternalAddress);
            // While it has sessions, one stays; a computed set stays until the last, since it is to be filled first.
            bool isLast = s.BlockCount == 1 ? s.SessionCount != 0 : IsSet(b);
            // The end of a block that can't be told now is told at the next sweep: until then it stays.
            if (!isDue || isLast || MustNotLoseEvents)
            {
                previous = block;
            }
            else
            {
                if (previous == 0)
                    s.FirstBlock = next;
                else
                    _blocks[previous].NextOfSubscriber = next;
                s.BlockCount--;
                ReleaseBlock(subscriber, block, now);
            }

            block = next;
        }
    }

    private void ReleaseBlock(uint subscriber, uint block, in WorkerTime now)
    {
        ref BlockRecord b = ref _blocks[block];
        if (!IsSet(b))
            TellBlock(EventKind.BlockReleased, subscriber, b, now.UnixMs);
        _counters[CounterId.BlocksReleased]++;
        _blocks.Give(_pools, block);
    }
}
