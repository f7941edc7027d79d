using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Nat;

// Deterministic mode (RFC 7422): each subscriber's ports follow from its address. A computed set is a block like any
// other once it is in use; only how it is found, and that nothing is told of it, differs.
public sealed partial class NatShard
{
    /// <summary>A block is its subscriber's computed set, rather than one of the numbered ones.</summary>
    private bool IsSet(in BlockRecord block) =>
        _pools.Plan is not null && !_pools.TryBlockOf(block.ExternalAddress, block.FirstPort, out _);

    private bool HasSet(in SubscriberRecord s)
    {
        uint block = s.FirstBlock;
        for (int i = 0; block != 0 && i < BlocksWalked; i++)
        {
            if (IsSet(_blocks[block]))
                return true;
            block = _blocks[block].NextOfSubscriber;
        }

        return false;
    }

    private bool TryComputeSet(in SubscriberRecord s, out PortSet set)
    {
        set = default;
        SubscriberKey key = KeyOf(s);
        return _pools.Plan is not null && _pools.Plan.TryFind(key.Kind, key.High, key.Low, out set);
    }

    private uint TakeSet(in SubscriberRecord s) =>
        TryComputeSet(s, out PortSet set) ? _blocks.TakeSet(_pools, set) : 0;

    // Overflow blocks only up to M ports in all (RFC 7422 section 2, step 4).
    private bool MayOverflow(in SubscriberRecord s)
    {
        if (_pools.Plan is null || !TryComputeSet(s, out PortSet set))
            return _pools.Plan is null;
        PoolSettings pool = _snapshot.Pools[set.Pool];
        int ports = set.LastPort - set.FirstPort + 1 + (s.BlockCount * pool.PortSetSize);
        return pool.DynamicFactor != 0 && (pool.PortsMax == 0 || ports <= pool.PortsMax);
    }

    // A record of a set that is still computed so.
    private bool IsSetOf(in SubscriberRecord s, in BlockRecord b) =>
        TryComputeSet(s, out PortSet set)
        && set.Address == b.ExternalAddress && set.FirstPort == b.FirstPort && set.LastPort == b.LastPort;
}
