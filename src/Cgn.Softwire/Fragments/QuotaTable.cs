using System;

using Cgn.Memory;
using Cgn.Memory.Tables;

namespace Cgn.Softwire;

/// <summary>Counts by party, for as many parties as a table has entries.</summary>
internal sealed class QuotaTable : IDisposable
{
    private readonly HashIndex _index;
    private readonly Quota[] _records;
    private readonly uint[] _free;
    private readonly ulong _hashKey;
    private int _freeCount;

    public QuotaTable(int capacity, ulong hashKey)
    {
        _hashKey = hashKey;
        _index = new HashIndex((uint)capacity);
        _records = GC.AllocateArray<Quota>(capacity + 1, pinned: true);
        _free = GC.AllocateArray<uint>(capacity, pinned: true);
        for (int i = capacity; i > 0; i--)
            _free[_freeCount++] = (uint)i;
    }

    public ref Quota this[uint record] => ref _records[record];

    /// <summary>Finds a party, or begins to count it; its first entry must be counted before the next call.</summary>
    /// <returns>Number of its record, or 0 when there is no room.</returns>
    public uint Of(ulong key)
    {
        ulong hash = HashOf(key);
        HashProbe probe = _index.Probe(hash);
        while (probe.Next(out uint found))
        {
            if (_records[found].Key == key)
                return found;
        }

        if (_freeCount == 0 || !_index.Insert(hash, _free[_freeCount - 1]))
            return 0;
        uint record = _free[--_freeCount];
        _records[record] = new Quota { Key = key };
        return record;
    }

    /// <summary>Forgets a party whose entries have come to none.</summary>
    public void DropIfEmpty(uint record)
    {
        if (_records[record].Entries != 0)
            return;
        _index.Remove(HashOf(_records[record].Key), record);
        _free[_freeCount++] = record;
    }

    public void Dispose() => _index.Dispose();

    private ulong HashOf(ulong key) => Hash.Mix(key ^ _hashKey);
}
