using System;

using Cgn.Memory;
using Cgn.Memory.Tables;

namespace Cgn.Softwire;

/// <summary>The packets of an <see cref="Ipv6Reassembler"/>: places, index, ages, and ages by subscriber
/// prefix.</summary>
internal sealed class ReassemblyEntries : IDisposable
{
    private readonly ReassemblyEntry[] _entries;
    private readonly HashIndex _index;
    private readonly EntryLinks _ages;
    private readonly EntryLinks _agesByParty;
    private readonly QuotaTable _quotas;
    private readonly ReassemblyLimits _limits;
    private readonly ulong _hashKey;
    private EntryList _free;
    private EntryList _live;

    public ReassemblyEntries(in ReassemblyLimits limits, ulong hashKey)
    {
        int capacity = limits.Packets;
        _limits = limits;
        _hashKey = hashKey;
        _entries = GC.AllocateArray<ReassemblyEntry>(capacity + 1, pinned: true);
        _index = new HashIndex((uint)capacity);
        _ages = new EntryLinks(capacity);
        _agesByParty = new EntryLinks(capacity);
        _quotas = new QuotaTable(capacity, hashKey);
        for (int i = 1; i <= capacity; i++)
            _ages.Append(ref _free, i);
    }

    public int Count { get; private set; }

    public ref ReassemblyEntry this[int number] => ref _entries[number];

    /// <summary>The packet known longest, or 0.</summary>
    public int Oldest => _live.Head;

    /// <summary>Whom a packet counts against; its frames are the chunks of his packets.</summary>
    public ref Quota QuotaOf(int number) => ref _quotas[_entries[number].Quota];

    public int Find(in ReassemblyKey key)
    {
        HashProbe probe = _index.Probe(key.HashWith(_hashKey));
        while (probe.Next(out uint found))
        {
            if (_entries[found].Key == key)
                return (int)found;
        }

        return 0;
    }

    /// <summary>The packet to give up before another of this source may begin: the oldest of its prefix, or of all; 0
    /// when there is room.</summary>
    public int InTheWayOf(in ReassemblyKey key)
    {
        uint quota = _quotas.Of(PartyOf(key));
        if (quota != 0)
        {
            int entries = _quotas[quota].Entries;
            int oldest = _quotas[quota].List.Head;
            _quotas.DropIfEmpty(quota);
            if (entries >= _limits.PacketsPerPrefix)
                return oldest;
        }

        return _free.Head == 0 ? _live.Head : 0;
    }

    /// <summary>Begins a packet; the caller has made room.</summary>
    /// <returns>Its number, or 0 when the index has no place for it.</returns>
    public int Open(in ReassemblyKey key, uint tick)
    {
        uint quota = _quotas.Of(PartyOf(key));
        int number = _free.Head;
        if (quota == 0 || number == 0 || !_index.Insert(key.HashWith(_hashKey), (uint)number))
        {
            if (quota != 0)
                _quotas.DropIfEmpty(quota);
            return 0;
        }

        _ages.Remove(ref _free, number);
        _ages.Append(ref _live, number);
        _agesByParty.Append(ref _quotas[quota].List, number);
        _quotas[quota].Entries++;
        _entries[number] = new ReassemblyEntry { Key = key, FirstSeenTick = tick, Quota = quota };
        Count++;
        return number;
    }

    public void Close(int number)
    {
        ref ReassemblyEntry entry = ref _entries[number];
        _index.Remove(entry.Key.HashWith(_hashKey), (uint)number);
        ref Quota quota = ref _quotas[entry.Quota];
        _agesByParty.Remove(ref quota.List, number);
        quota.Entries--;
        _quotas.DropIfEmpty(entry.Quota);
        _ages.Remove(ref _live, number);
        _ages.Append(ref _free, number);
        Count--;
    }

    public void Dispose()
    {
        _index.Dispose();
        _quotas.Dispose();
    }

    private ulong PartyOf(in ReassemblyKey key)
    {
        Wire.Ipv6Address prefix = key.Source.Mask(_limits.PrefixBits);
        return Hash.Pair(prefix.High, prefix.Low, _hashKey);
    }
}
