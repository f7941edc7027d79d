using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Nat;

// Which external port a new mapping gets.
public sealed partial class NatShard
{
    // Below it are system ports (RFC 6335 section 6).
    private const ushort FirstUserPort = 1024;

    // Some port of some block may not be given to some mapping: candidates are looked at more closely.
    private bool _isChoosy;

    // Blocks of some pool age.
    private bool _blocksAge;

    // How often each block, by its record, was told as held; empty while none is.
    private uint[] _interims = [];

    // How closely candidates must fit: what can't be had closely is taken more loosely.
    private enum Fit
    {
        // Any port that may be given out.
        Free = 0,

        // Even or odd as the internal one (RFC 4787 REQ-4).
        Parity = 1,

        // And its neighbour is free for the internal one's neighbour.
        Pair = 2,
    }

    private void TakePortPolicy()
    {
        _isChoosy = _settings.PortParity || _settings.PortContiguity
            || Array.Exists(
                _snapshot.Pools, static pool => pool.FirstPort < FirstUserPort || pool.ReservedPorts.Length != 0)
            || Array.Exists(_snapshot.Plans, static plan => plan.ReservedPorts.Length != 0);
        _blocksAge = Array.Exists(_snapshot.Pools, static pool => pool.PortSetActiveTimeout != 0);
        if (_settings.BlockInterimSeconds == 0)
            _interims = [];
        else if (_interims.Length == 0)
            _interims = new uint[_blocks.Capacity + 1];
    }

    // What a plan allows of mappings and ports (RFC 6888 REQ-4, REQ-5). Static mappings don't count: the operator wants
    // them.
    private DropReason RefuseMapping(uint subscriber, byte protocol, bool isHeld, uint tick)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        ref readonly PlanLimits plan = ref _limits[s.Plan];
        uint ports = (uint)(s.PortsUdp + s.PortsTcp + s.PortsIcmp + s.PortsOther);
        return ports >= plan.PortsMax || PortsInUse(ref s, protocol) >= plan.PortsMaxOf(protocol) ? DropReason.PortLimit
            : s.MappingCount >= plan.MappingsMax && !isHeld ? DropReason.MappingLimit
            : !HasMappingsLeft(protocol) ? DropReason.InstanceLimit
            : IsAfterLoss(tick) ? DropReason.StateLossHold
            : DropReason.None;
    }

    // A block and a free port in it; 0 and a refusal when the subscriber has none and may have no more.
    private uint FindPort(
        uint subscriber, in FlowKey flow, in WorkerTime now, out ushort port, out DropReason refusal)
    {
        refusal = DropReason.None;
        ref readonly SubscriberRecord s = ref _subscribers[subscriber];
        if (_settings.PortPreservation && TryPreserve(s, flow, now, out uint wished))
        {
            port = flow.InternalPort;
            return wished;
        }

        if (_settings.PortContiguity && TryBeside(subscriber, flow, now, out wished, out port))
            return wished;
        uint block = FindRoom(s, flow, aged: false, now, out port);
        if (block != 0)
            return block;
        block = GiveBlock(subscriber, now, out refusal);
        if (block != 0 && _settings.PortPreservation && TryPreserve(s, flow, now, out wished))
        {
            port = flow.InternalPort;
            return wished;
        }

        if (block != 0 && TryPort(ref _blocks[block], flow, s.Plan, out port))
            return block;
        if (block != 0)
            refusal = DropReason.NoBlock;
        // Better a port of a block that is to drain than none.
        block = _blocksAge ? FindRoom(s, flow, aged: true, now, out port) : 0;
        if (block != 0)
            refusal = DropReason.None;
        return block;
    }

    // The oldest block that has room: later ones then fall idle and can go back.
    private uint FindRoom(in SubscriberRecord s, in FlowKey flow, bool aged, in WorkerTime now, out ushort port)
    {
        uint block = s.FirstBlock;
        for (int i = 0; block != 0 && i < BlocksWalked; i++)
        {
            ref BlockRecord b = ref _blocks[block];
            if ((!_blocksAge || IsAged(b, now) == aged) && TryPort(ref b, flow, s.Plan, out port))
                return block;
            block = b.NextOfSubscriber;
        }

        port = 0;
        return 0;
    }

    private bool IsAged(in BlockRecord block, in WorkerTime now)
    {
        int pool = _pools.PoolOf(block.ExternalAddress);
        uint active = pool < 0 ? 0 : _snapshot.Pools[pool].PortSetActiveTimeout;
        // A computed set is to be filled first, however old (RFC 7422 section 2).
        return active != 0 && AgeSeconds(block, now) >= active / Tick.PerSecond && !IsSet(block);
    }

    // The internal port itself (RFC 4787 section 4.2.1).
    private bool TryPreserve(in SubscriberRecord s, in FlowKey flow, in WorkerTime now, out uint block)
    {
        block = s.FirstBlock;
        for (int i = 0; block != 0 && i < BlocksWalked; i++)
        {
            ref BlockRecord b = ref _blocks[block];
            if (flow.InternalPort >= b.FirstPort && flow.InternalPort <= b.LastPort)
                return IsWishGranted(b, flow.InternalPort, flow, s.Plan, now);
            block = b.NextOfSubscriber;
        }

        return false;
    }

    // Internal ports 2n and 2n + 1 belong together, as those of RTP and RTCP (RFC 3550 section 11): the second gets the
    // port beside the first one's.
    private bool TryBeside(uint subscriber, in FlowKey flow, in WorkerTime now, out uint block, out ushort port)
    {
        (block, port) = (0, 0);
        if (flow.Protocol == (byte)IpProtocol.Icmp)
            return false;
        FlowKey beside = flow;
        beside.InternalPort ^= 1;
        ref readonly MappingRecord m = ref _mappings[FindInternal(subscriber, beside, Discriminator(flow), out _)];
        if (m.Block == 0 || !m.IsLive || ((m.ExternalPort ^ beside.InternalPort) & 1) != 0)
            return false;
        block = m.Block;
        port = (ushort)(m.ExternalPort ^ 1);
        return IsWishGranted(_blocks[block], port, flow, _subscribers[subscriber].Plan, now);
    }

    private bool IsWishGranted(in BlockRecord b, ushort port, in FlowKey flow, ushort plan, in WorkerTime now) =>
        port >= b.FirstPort && port <= b.LastPort
        && (!_isChoosy || IsAllowed(b, port, flow, plan))
        && (!_blocksAge || !IsAged(b, now))
        && FindExternal(b.ExternalAddress, port, flow.Protocol, 0) == 0;

    // A free port at random (RFC 6056 section 4): all ports of the block from a random one on, by a random odd step
    // through the next power of two, which meets each exactly once. The count says "full" without looking.
    private bool TryPort(ref BlockRecord block, in FlowKey flow, ushort plan, out ushort port)
    {
        port = 0;
        int size = SizeOf(block);
        ushort used = Used(ref block, flow.Protocol);
        if (used >= size)
            return false;
        // One number for each mapping, whatever is made of it: see PrefetchPort.
        ulong chance = _chance.Next();
        uint at = _settings.PortsInOrder ? used : (uint)chance;
        uint step = _settings.PortsInOrder ? 1 : (uint)(chance >> 32) | 1;
        if (!_isChoosy)
            return TryAny(block, flow.Protocol, at, step, out port);
        Fit fit = flow.Protocol == (byte)IpProtocol.Icmp ? Fit.Free
            : _settings.PortContiguity ? Fit.Pair
            : _settings.PortParity ? Fit.Parity
            : Fit.Free;
        for (; fit >= Fit.Free; fit--)
        {
            if (TryFitting(block, flow, plan, fit, at, step, out port))
                return true;
        }

        return false;
    }

    private bool TryAny(in BlockRecord block, byte protocol, uint at, uint step, out ushort port)
    {
        int size = SizeOf(block);
        uint places = Places(block);
        for (uint i = 0; i < places; i++, at += step)
        {
            uint offset = at & (places - 1);
            port = (ushort)(block.FirstPort + offset);
            if (offset < (uint)size && FindExternal(block.ExternalAddress, port, protocol, 0) == 0)
                return true;
        }

        port = 0;
        return false;
    }

    private bool TryFitting(
        in BlockRecord block, in FlowKey flow, ushort plan, Fit fit, uint at, uint step, out ushort port)
    {
        int size = SizeOf(block);
        uint places = Places(block);
        for (uint i = 0; i < places; i++, at += step)
        {
            uint offset = at & (places - 1);
            port = (ushort)(block.FirstPort + offset);
            if (offset >= (uint)size || (fit >= Fit.Parity && ((port ^ flow.InternalPort) & 1) != 0)
                || !IsAllowed(block, port, flow, plan)
                || FindExternal(block.ExternalAddress, port, flow.Protocol, 0) != 0)
            {
                continue;
            }

            if (fit < Fit.Pair || FindExternal(block.ExternalAddress, (ushort)(port ^ 1), flow.Protocol, 0) == 0)
                return true;
        }

        port = 0;
        return false;
    }

    // Neither reserved nor, for an internal user port, a system port (RFC 4787 REQ-3a).
    private bool IsAllowed(in BlockRecord block, ushort port, in FlowKey flow, ushort plan)
    {
        if (port < FirstUserPort && flow.InternalPort >= FirstUserPort && flow.Protocol != (byte)IpProtocol.Icmp)
            return false;
        return !IsReservedPort(block, port, plan);
    }

    private bool IsReservedPort(in BlockRecord block, ushort port, ushort plan)
    {
        int pool = _pools.PoolOf(block.ExternalAddress);
        return Contains(_limits[plan].ReservedPorts, port)
            || (pool >= 0 && Contains(_snapshot.Pools[pool].ReservedPorts, port));
    }

    private static bool Contains(PortRangeSetting[] ranges, ushort port)
    {
        foreach (ref readonly PortRangeSetting range in ranges.AsSpan())
        {
            if (range.Contains(port))
                return true;
        }

        return false;
    }
}
