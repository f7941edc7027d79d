using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;

namespace Cgn.Model.Tests.Nat;

// Port blocks, and whether the gateway's choice of a block or port was allowed.
internal sealed partial class ModelNat
{
    private List<(uint Address, ushort First, ushort Last, int Shard)>? _all;

    // Protocols beside UDP, TCP and ICMP share what a block has.
    private bool HasRoom(ModelBlock block, byte protocol) =>
        Mappings.Count(mapping => Class(mapping.Protocol) == Class(protocol) && block.Holds(mapping.External))
            < block.Last - block.First + 1;

    // Blocks that can be given out: whole ones within the pool's ports, counted from port 0, none that a static mapping
    // has; each belongs to a shard by its number.
    private IEnumerable<(uint Address, ushort First, ushort Last, int Shard)> AllBlocks()
    {
        foreach ((Ipv4PrefixSetting prefix, PoolSettings pool) in _config.Pools
            .SelectMany(pool => pool.Prefixes.Select(prefix => (prefix, pool))).OrderBy(pair => pair.prefix.Address))
        {
            for (uint address = prefix.Address; address - prefix.Address < 1u << (32 - prefix.Length); address++)
            {
                for (int first = 0; first + pool.PortSetSize - 1 <= pool.LastPort; first += pool.PortSetSize)
                {
                    if (first < pool.FirstPort)
                        continue;
                    int last = first + pool.PortSetSize - 1;
                    int shard = _choices.OwnerOf(new Endpoint(address, (ushort)first));
                    if (!_config.StaticMappings.Any(fixedOne => fixedOne.ExternalAddress == address
                        && fixedOne.ExternalPort >= first && fixedOne.ExternalPort <= last))
                        yield return (address, (ushort)first, (ushort)last, shard);
                }
            }
        }
    }

    // Another block from the paired address; only who shows no address any more may be paired anew (RFC 6888 REQ-2).
    private void TakeBlock(ModelSubscriber subscriber, out DropReason refusal)
    {
        refusal = DropReason.None;
        if (subscriber.Blocks.Count >= _config.Plans[_settings.DefaultPlan].MaxPortSets)
        {
            refusal = DropReason.BlockLimit;
            return;
        }

        _all ??= [.. AllBlocks()];
        var free = _all.Where(block => block.Shard == subscriber.Shard && !Subscribers.Any(other =>
            other.Blocks.Exists(given => given.Address == block.Address && given.First == block.First))).ToList();
        bool isBound = _settings.Paired && (subscriber.Blocks.Count != 0 || subscriber.Mappings.Count != 0);
        bool hasPaired = free.Exists(block => block.Address == subscriber.Paired);
        if (subscriber.Paired != 0 && (isBound || hasPaired))
            free.RemoveAll(block => block.Address != subscriber.Paired);
        if (free.Count == 0)
        {
            Count(CounterId.BlocksExhausted);
            refusal = DropReason.NoBlock;
            return;
        }

        (uint Address, ushort First, ushort Last) chosen = _choices.NextBlock(subscriber)
            ?? throw new ModelException("a block was not given out, though there are free ones");
        if (!free.Exists(block => (block.Address, block.First, block.Last) == chosen))
            throw new ModelException($"block {new Endpoint(chosen.Address, chosen.First)} may not be given out now");
        if (subscriber.Paired == 0 || (subscriber.Blocks.Count == 0 && subscriber.Mappings.Count == 0))
            subscriber.Paired = chosen.Address;
        Count(CounterId.BlocksAllocated);
        subscriber.Blocks.Add(new ModelBlock
        {
            Address = chosen.Address,
            First = chosen.First,
            Last = chosen.Last,
            IdleSince = _tick,
        });
    }

    private void CheckPort(ModelSubscriber subscriber, byte protocol, Endpoint inside, Endpoint external)
    {
        bool isTaken = Mappings.Any(mapping => mapping.Protocol == protocol && mapping.External == external);
        if (isTaken)
            throw new ModelException($"{external} of protocol {protocol} is not free");
        ModelBlock block = subscriber.Blocks.Find(block => block.Holds(external))
            ?? throw new ModelException($"{external} lies in no block of its subscriber");
        if (_settings.PortPreservation)
        {
            ModelBlock? same = subscriber.Blocks.Find(
                other => inside.Port >= other.First && inside.Port <= other.Last);
            Endpoint kept = new(same?.Address ?? 0, inside.Port);
            bool isFree = same is not null
                && !Mappings.Any(mapping => mapping.Protocol == protocol && mapping.External == kept);
            if (isFree && external != kept)
                throw new ModelException($"port {inside.Port} should have been kept, and became {external.Port}");
            if (isFree)
                return;
        }

        ModelBlock oldest = subscriber.Blocks.First(other => HasRoom(other, protocol));
        if (block != oldest)
            throw new ModelException($"{external} lies in {block}, but there was room in {oldest}");
    }

    private void ReleaseIdleBlocks(ModelSubscriber subscriber)
    {
        foreach (ModelBlock block in subscriber.Blocks.ToList())
        {
            PoolSettings pool = _config.Pools.First(
                pool => pool.Prefixes.Any(prefix => prefix.Contains(block.Address)));
            bool isUnused = !subscriber.Mappings.Exists(mapping => mapping.Block == block);
            bool isLast = subscriber.Blocks.Count == 1 && subscriber.SessionCount != 0;
            if (!isUnused || isLast || _tick - block.IdleSince < pool.PortSetTimeout)
                continue;
            subscriber.Blocks.Remove(block);
            Count(CounterId.BlocksReleased);
        }
    }
}
