using System;

using Cgn.Contract.Counting;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// What of each pool is given out, counted as it changes: whoever watches a gateway reads this and no record.
internal sealed partial class ShardBlocks
{
    private const int BitsPerWord = 64;

    private PoolUse[] _use = [];
    private int[] _blocksOfAddress = [];
    private long[] _usedAddresses = [];
    private bool _isShown;

    /// <summary>Keeps a record of ports that are no units, after units were numbered anew: a computed set.</summary>
    internal void KeepSet(PoolTable pools, uint number) => CountUse(pools, _records[number], 1);

    /// <summary>Shows what is given out to those who watch.</summary>
    internal void Show(PoolBoard board)
    {
        for (int pool = 0; pool < _use.Length && pool < PoolBoard.PoolsMax; pool++)
        {
            board[pool, PoolCount.Units] = _ofPool[pool].Total;
            board[pool, PoolCount.UnitsFree] = _ofPool[pool].Free;
            board[pool, PoolCount.PortsUsed] = _use[pool].Ports;
            board[pool, PoolCount.BlocksUsed] = _use[pool].Blocks;
        }

        if (_isShown)
            return;
        _isShown = true;
        Span<long> words = board.Addresses;
        _usedAddresses.AsSpan(0, Math.Min(words.Length, _usedAddresses.Length)).CopyTo(words);
    }

    private void NumberUse(PoolTable pools, int poolCount)
    {
        _use = new PoolUse[poolCount];
        _blocksOfAddress = new int[pools.AddressCount];
        _isShown = false;
        int words = 0;
        for (int pool = 0; pool < poolCount; pool++)
        {
            _use[pool].FirstBit = words * BitsPerWord;
            words += PoolBoard.WordsFor(pools.AddressesOf(pool));
        }

        _usedAddresses = new long[words];
    }

    private void CountUse(PoolTable pools, in BlockRecord b, int blocks)
    {
        if (!pools.TryFind(b.ExternalAddress, out int address))
            return;
        int pool = pools.PoolOf(b.ExternalAddress);
        ref PoolUse use = ref _use[pool];
        use.Blocks += blocks;
        use.Ports += (b.LastPort - b.FirstPort + 1) * blocks;
        int before = _blocksOfAddress[address];
        _blocksOfAddress[address] = before + blocks;
        if (before != 0 && before + blocks != 0)
            return;
        int bit = use.FirstBit + (address - pools.FirstAddressOf(pool));
        if (bit / BitsPerWord < _usedAddresses.Length)
            _usedAddresses[bit / BitsPerWord] ^= 1L << (bit % BitsPerWord);
        _isShown = false;
    }

    /// <summary>What of a pool this shard has given out.</summary>
    private struct PoolUse
    {
        public int Blocks;
        public long Ports;
        public int FirstBit;
    }
}
