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
    // Blocks that a shard can give out of an address: the same in every case with the same pool, and many.
    private static readonly Dictionary<(uint, int, int, int, int, bool), int> s_totals = [];

    // Protocols beside UDP, TCP and ICMP share what a block has.
    private bool HasRoom(ModelBlock block, byte protocol)
    {
        List<ModelMapping> inBlock = [.. Mappings.Where(
            mapping => Class(mapping.Protocol) == Class(protocol) && block.Holds(mapping.External))];
        return inBlock.Count < block.Last - block.First + 1
            && Enumerable.Range(block.First, block.Last - block.First + 1).Any(port => !IsReserved((ushort)port)
                && !inBlock.Exists(mapping => mapping.Protocol == protocol && mapping.External.Port == port));
    }

    private bool IsReserved(ushort port) =>
        _config.Pools[0].ReservedPorts.Any(range => range.Contains(port))
        || _config.Plans[_settings.DefaultPlan].ReservedPorts.Any(range => range.Contains(port));

    // Blocks that can be given out: whole ones within the pool's ports, counted from port 0, none that a static mapping
    // has; each belongs to a shard by its number.
    private bool CanBeGiven(PoolSettings pool, uint address, int first, int shard) =>
        first % pool.PortSetSize == 0 && first >= pool.FirstPort && first + pool.PortSetSize - 1 <= pool.LastPort
            && !_config.StaticMappings.Any(fixedOne => fixedOne.ExternalAddress == address
                && fixedOne.ExternalPort >= first && fixedOne.ExternalPort < first + pool.PortSetSize)
            && _choices.OwnerOf(new Endpoint(address, (ushort)first)) == shard;

    private int FreeBlocks(PoolSettings pool, uint address, int shard)
    {
        var key = (address, shard, _settings.ShardCount, pool.PortSetSize, (int)pool.LastPort,
            _config.StaticMappings.Any(fixedOne => fixedOne.ExternalAddress == address
                && fixedOne.ExternalPort >= pool.FirstPort));
        lock (s_totals)
        {
            if (!s_totals.TryGetValue(key, out int total))
            {
                for (int first = 0; first <= pool.LastPort; first += pool.PortSetSize)
                    total += CanBeGiven(pool, address, first, shard) ? 1 : 0;
                s_totals[key] = total;
            }

            return total - Subscribers.Where(other => other.Shard == shard)
                .Sum(other => other.Blocks.Count(given => given.Address == address));
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

        List<uint> free = AddressesWithBlocks(subscriber.Shard);
        bool isBound = _settings.Paired && (subscriber.Blocks.Count != 0 || subscriber.Mappings.Count != 0);
        if (subscriber.Paired != 0 && (isBound || free.Contains(subscriber.Paired)))
            free.RemoveAll(address => address != subscriber.Paired);
        if (free.Count == 0)
        {
            Count(CounterId.BlocksExhausted);
            refusal = DropReason.NoBlock;
            return;
        }

        (uint Address, ushort First, ushort Last) chosen = _choices.NextBlock(subscriber)
            ?? throw new ModelException("a block was not given out, though there are free ones");
        bool isGiven = Subscribers.Exists(other =>
            other.Blocks.Exists(given => given.Address == chosen.Address && given.First == chosen.First));
        PoolSettings pool = _config.Pools[0];
        if (isGiven || !free.Contains(chosen.Address) || chosen.Last - chosen.First + 1 != pool.PortSetSize
            || !CanBeGiven(pool, chosen.Address, chosen.First, subscriber.Shard))
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

    private List<uint> AddressesWithBlocks(int shard)
    {
        List<uint> addresses = [];
        foreach (Ipv4PrefixSetting prefix in _config.Pools[0].Prefixes)
        {
            for (uint address = prefix.Address; address - prefix.Address < 1u << (32 - prefix.Length); address++)
            {
                if (FreeBlocks(_config.Pools[0], address, shard) > 0)
                    addresses.Add(address);
            }
        }

        return addresses;
    }

    private void CheckPort(ModelSubscriber subscriber, byte protocol, Endpoint inside, Endpoint external)
    {
        bool isTaken = Mappings.Any(mapping => mapping.Protocol == protocol && mapping.External == external);
        if (isTaken)
            throw new ModelException($"{external} of protocol {protocol} is not free");
        ModelBlock block = subscriber.Blocks.Find(block => block.Holds(external))
            ?? throw new ModelException($"{external} lies in no block of its subscriber");
        if (IsReserved(external.Port))
            throw new ModelException($"port {external.Port} is reserved");
        Endpoint? kept = KeptPort(subscriber, protocol, inside);
        if (kept is not null && external != kept)
            throw new ModelException($"port {inside.Port} should have been kept, and became {external.Port}");
        if (kept is not null)
            return;
        ModelBlock oldest = subscriber.Blocks.First(other => HasRoom(other, protocol));
        if (block != oldest)
            throw new ModelException($"{external} lies in {block}, but there was room in {oldest}");
    }

    // The internal port itself, where that is wanted and free (RFC 4787 section 4.2.1).
    private Endpoint? KeptPort(ModelSubscriber subscriber, byte protocol, Endpoint inside)
    {
        ModelBlock? same = subscriber.Blocks.Find(
            block => inside.Port >= block.First && inside.Port <= block.Last);
        if (!_settings.PortPreservation || same is null || IsReserved(inside.Port))
            return null;
        Endpoint kept = new(same.Address, inside.Port);
        bool isTaken = Mappings.Any(mapping => mapping.Protocol == protocol && mapping.External == kept);
        return isTaken ? null : kept;
    }

    // One stays while there are sessions: the last that falls idle, and which that is, is up to the sweep.
    private void ReleaseIdleBlocks(ModelSubscriber subscriber)
    {
        List<ModelBlock> idle = subscriber.Blocks.FindAll(block => IsDue(subscriber, block));
        if (idle.Count != 0 && idle.Count == subscriber.Blocks.Count && subscriber.SessionCount != 0)
            idle.Remove(idle.Find(block => !_choices.WasReleased(block)) ?? idle[^1]);
        foreach (ModelBlock block in idle)
        {
            subscriber.Blocks.Remove(block);
            Count(CounterId.BlocksReleased);
        }
    }

    private bool IsDue(ModelSubscriber subscriber, ModelBlock block)
    {
        PoolSettings pool = _config.Pools.First(
            pool => pool.Prefixes.Any(prefix => prefix.Contains(block.Address)));
        return !subscriber.Mappings.Exists(mapping => mapping.Block == block)
            && _tick - block.IdleSince >= pool.PortSetTimeout;
    }
}
