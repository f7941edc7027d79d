using System;
using System.Collections.Generic;

namespace Cgn.Ports.Kernel;

/// <summary>
/// Every route of the kernel's main table, as it would choose among them: for one destination the lowest metric first.
/// The best of each destination is in a <see cref="PrefixTrie"/> that packets are looked up in. One thread writes.
/// </summary>
internal sealed class RouteStore : IDisposable
{
    private const int NoRecord = -1;
    private readonly Dictionary<RoutePrefix, int> _first = [];
    private readonly HopSetTable _sets;
    private readonly PrefixTrie _ipv4;
    private readonly PrefixTrie _ipv6;
    private Record[] _records = new Record[1024];
    private int _freeRecord = NoRecord;
    private int _recordCount;
    private uint _sweep;

    internal RouteStore(HopSetTable sets, uint nodeCapacity)
    {
        _sets = sets;
        _ipv4 = new PrefixTrie(nodeCapacity);
        _ipv6 = new PrefixTrie(nodeCapacity);
    }

    /// <summary>Routes known.</summary>
    internal int Count { get; private set; }

    /// <summary>Routes that found no room in the search structure: packets go by a shorter prefix instead.</summary>
    internal ulong Refused { get; private set; }

    /// <summary>What the longest prefix says; 0 when there is none. Any thread.</summary>
    internal uint Find(UInt128 bits, bool isIpv6) => (isIpv6 ? _ipv6 : _ipv4).Find(bits);

    /// <summary>Takes in a route that the kernel has announced or listed.</summary>
    internal void Add(in RoutePrefix prefix, uint metric, HopSet parsed, ushort flags)
    {
        HopSet set = _sets.Acquire(parsed);
        int previous = NoRecord;
        int at = _first.GetValueOrDefault(prefix, NoRecord);
        while (at != NoRecord && _records[at].Metric < metric)
            (previous, at) = (at, _records[at].Next);
        // A list or a notification may repeat a route.
        for (int same = at; same != NoRecord && _records[same].Metric == metric; same = _records[same].Next)
        {
            if (!ReferenceEquals(_records[same].Set, set) && !Replaces(prefix.IsIpv6, _records[same].Set, set, flags))
                continue;
            HopSet old = _records[same].Set;
            _records[same].Set = set;
            _records[same].Sweep = _sweep;
            Install(prefix);
            _sets.Release(old);
            return;
        }

        bool isLast = (flags & Rtnetlink.FlagAppend) != 0;
        while (isLast && at != NoRecord && _records[at].Metric == metric)
            (previous, at) = (at, _records[at].Next);
        int record = TakeRecord();
        _records[record] = new Record { Metric = metric, Set = set, Next = at, Sweep = _sweep };
        if (previous == NoRecord)
            _first[prefix] = record;
        else
            _records[previous].Next = record;
        Count++;
        Install(prefix);
    }

    /// <summary>Takes out a route, or some of its ways.</summary>
    internal void Remove(in RoutePrefix prefix, uint metric, HopSet parsed)
    {
        int exact = NoRecord;
        int any = NoRecord;
        for (int at = _first.GetValueOrDefault(prefix, NoRecord); at != NoRecord; at = _records[at].Next)
        {
            if (_records[at].Metric != metric)
                continue;
            any = any == NoRecord ? at : any;
            exact = exact == NoRecord && _records[at].Set.Equals(parsed) ? at : exact;
        }

        if (exact != NoRecord || any == NoRecord)
        {
            Unlink(prefix, exact);
            return;
        }

        // IPv6 takes single ways out of a route that has several; whatever is left stays.
        HopSet rest = _records[any].Set.Copy();
        rest.RemoveAll(parsed);
        if (rest.Hops.Count == 0 || rest.Hops.Count == _records[any].Set.Hops.Count)
        {
            Unlink(prefix, any);
            return;
        }

        HopSet old = _records[any].Set;
        _records[any].Set = _sets.Acquire(rest);
        Install(prefix);
        _sets.Release(old);
    }

    /// <summary>Begins a complete listing: what it does not bring up again is gone.</summary>
    internal void BeginSweep() => _sweep++;

    /// <summary>Ends a complete listing.</summary>
    internal void EndSweep()
    {
        List<RoutePrefix> prefixes = [.. _first.Keys];
        foreach (RoutePrefix prefix in prefixes)
        {
            int at = _first.GetValueOrDefault(prefix, NoRecord);
            while (at != NoRecord)
            {
                int next = _records[at].Next;
                if (_records[at].Sweep != _sweep)
                    Unlink(prefix, at);
                at = next;
            }
        }
    }

    /// <summary>Writes all routes into the search structure again, after what they lead to has changed.</summary>
    internal void Reinstall()
    {
        foreach (RoutePrefix prefix in _first.Keys)
            Install(prefix);
    }

    public void Dispose()
    {
        _ipv4.Dispose();
        _ipv6.Dispose();
    }

    // The kernel replaces the first of equal metric when asked to. IPv6 joins routes over routers into one with several
    // ways and always tells all of them; links beside each other stay separate.
    private static bool Replaces(bool isIpv6, HopSet old, HopSet set, ushort flags)
    {
        if ((flags & Rtnetlink.FlagReplace) != 0)
            return true;
        return isIpv6 && old.Hops.Count != 0 && set.Hops.Count != 0 && !old.Hops[0].IsOnLink && !set.Hops[0].IsOnLink;
    }

    private void Install(in RoutePrefix prefix)
    {
        PrefixTrie trie = prefix.IsIpv6 ? _ipv6 : _ipv4;
        if (_first.TryGetValue(prefix, out int first))
        {
            if (!trie.TrySet(prefix.Bits, prefix.Length, _records[first].Set.Value))
                Refused++;
            return;
        }

        for (int length = prefix.Length - 1; length >= 0; length--)
        {
            if (_first.TryGetValue(prefix.Shorten(length), out int shorter))
            {
                trie.Clear(prefix.Bits, prefix.Length, _records[shorter].Set.Value, length);
                return;
            }
        }

        trie.Clear(prefix.Bits, prefix.Length, 0, 0);
    }

    private void Unlink(in RoutePrefix prefix, int record)
    {
        if (record == NoRecord)
            return;
        int first = _first[prefix];
        if (first == record)
        {
            if (_records[record].Next == NoRecord)
                _first.Remove(prefix);
            else
                _first[prefix] = _records[record].Next;
        }
        else
        {
            int previous = first;
            while (_records[previous].Next != record)
                previous = _records[previous].Next;
            _records[previous].Next = _records[record].Next;
        }

        // The search structure must stop leading to the routers before they are let go.
        Install(prefix);
        _sets.Release(_records[record].Set);
        _records[record] = new Record { Set = null!, Next = _freeRecord };
        _freeRecord = record;
        Count--;
    }

    private int TakeRecord()
    {
        if (_freeRecord != NoRecord)
        {
            int record = _freeRecord;
            _freeRecord = _records[record].Next;
            return record;
        }

        if (_recordCount == _records.Length)
            Array.Resize(ref _records, _records.Length * 2);
        return _recordCount++;
    }

    private struct Record
    {
        public HopSet Set;
        public uint Metric;
        public uint Sweep;
        public int Next;
    }
}
