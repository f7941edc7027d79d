using System;

using Cgn.Contract;
using Cgn.Memory.Tables;

namespace Cgn.Softwire;

/// <summary>The datagrams of an <see cref="Ipv4FragmentTable"/>: places, index, ages and who answers for
/// them.</summary>
internal sealed class FragmentEntries : IDisposable
{
    private readonly FragmentEntry[] _entries;
    private readonly HashIndex _index;
    private readonly EntryLinks _links;
    private readonly QuotaTable _quotas;
    private readonly HeldFrames _held;
    private readonly ulong _hashKey;
    private EntryList _free;
    private EntryList _orphans;
    private EntryList _open;
    private EntryList _done;

    public FragmentEntries(int capacity, ulong hashKey, HeldFrames held)
    {
        _hashKey = hashKey;
        _held = held;
        _entries = GC.AllocateArray<FragmentEntry>(capacity + 1, pinned: true);
        _index = new HashIndex((uint)capacity);
        _links = new EntryLinks(capacity);
        _quotas = new QuotaTable(capacity, hashKey);
        for (int i = 1; i <= capacity; i++)
            _links.Append(ref _free, i);
    }

    public int Count { get; private set; }

    public ref FragmentEntry this[int number] => ref _entries[number];

    /// <summary>Who answers for an unfinished entry.</summary>
    public ref Quota QuotaOf(in FragmentEntry entry) => ref _quotas[entry.Quota];

    public int Find(in FragmentKey key)
    {
        HashProbe probe = _index.Probe(key.HashWith(_hashKey));
        while (probe.Next(out uint found))
        {
            if (_entries[found].Key == key)
                return (int)found;
        }

        return 0;
    }

    /// <summary>Begins a datagram without its first fragment.</summary>
    /// <param name="key">Not known yet.</param>
    /// <param name="tick">Now.</param>
    /// <param name="first">Its first fragment is here: it may take the place of one whose first fragment is
    /// not.</param>
    /// <param name="most">Unfinished datagrams that its party may have.</param>
    /// <returns>Its number, or 0 at a limit.</returns>
    public int Open(in FragmentKey key, uint tick, bool first, int most)
    {
        if (_free.Head == 0 && !MakeRoom(first))
            return 0;
        uint quota = _quotas.Of(key.QuotaKey);
        if (quota == 0)
            return 0;
        int number = _free.Head;
        if (_quotas[quota].Entries >= most || !_index.Insert(key.HashWith(_hashKey), (uint)number))
        {
            _quotas.DropIfEmpty(quota);
            return 0;
        }

        _quotas[quota].Entries++;
        _links.Remove(ref _free, number);
        _links.Append(ref _orphans, number);
        _entries[number] = new FragmentEntry
        {
            Key = key,
            FirstSeenTick = tick,
            Quota = quota,
            Stage = FragmentStage.Orphan,
        };
        Count++;
        return number;
    }

    public void Move(int number, FragmentStage stage)
    {
        _links.Remove(ref ListOf(_entries[number].Stage), number);
        _entries[number].Stage = stage;
        _links.Append(ref ListOf(stage), number);
        Settle(number);
    }

    /// <summary>Some frames that waited have gone.</summary>
    public void Unhold(int number, int frames)
    {
        if (frames == 0)
            return;
        ref FragmentEntry entry = ref _entries[number];
        entry.HeldCount -= (ushort)frames;
        _quotas[entry.Quota].Frames -= frames;
        Settle(number);
    }

    public void Refuse(int number, DropReason reason)
    {
        ref FragmentEntry entry = ref _entries[number];
        entry.Refusal = reason;
        LoseHeld(number, reason);
        if (entry.Stage != FragmentStage.Done)
            Move(number, FragmentStage.Done);
    }

    /// <summary>Forgets a datagram.</summary>
    public void Close(int number, DropReason reason)
    {
        Refuse(number, reason);
        ref FragmentEntry entry = ref _entries[number];
        _index.Remove(entry.Key.HashWith(_hashKey), (uint)number);
        _links.Remove(ref _done, number);
        entry.Stage = FragmentStage.Free;
        _links.Append(ref _free, number);
        Count--;
    }

    public void Expire(uint tick, uint timeoutTicks, int budget)
    {
        while (budget > 0
            && (CloseIfOld(_orphans.Head, tick, timeoutTicks)
                || CloseIfOld(_open.Head, tick, timeoutTicks)
                || CloseIfOld(_done.Head, tick, timeoutTicks)))
            budget--;
    }

    public void Dispose()
    {
        _index.Dispose();
        _quotas.Dispose();
    }

    private bool CloseIfOld(int number, uint tick, uint timeoutTicks)
    {
        if (number == 0 || tick - _entries[number].FirstSeenTick < timeoutTicks)
            return false;
        Close(number, DropReason.FragmentTimeout);
        return true;
    }

    private bool MakeRoom(bool first)
    {
        int number = _done.Head != 0 ? _done.Head : first ? _orphans.Head : 0;
        if (number == 0)
            return false;
        Close(number, DropReason.FragmentLimit);
        return true;
    }

    private void LoseHeld(int number, DropReason reason)
    {
        ref FragmentEntry entry = ref _entries[number];
        _held.Lose(ref entry.Held, reason);
        Unhold(number, entry.HeldCount);
    }

    /// <summary>A finished datagram that holds nothing counts against nobody.</summary>
    private void Settle(int number)
    {
        ref FragmentEntry entry = ref _entries[number];
        if (entry.Stage != FragmentStage.Done || entry.HeldCount != 0 || entry.Quota == 0)
            return;
        _quotas[entry.Quota].Entries--;
        _quotas.DropIfEmpty(entry.Quota);
        entry.Quota = 0;
    }

    private ref EntryList ListOf(FragmentStage stage)
    {
        switch (stage)
        {
            case FragmentStage.Orphan:
                return ref _orphans;
            case FragmentStage.Open:
                return ref _open;
            default:
                return ref _done;
        }
    }
}
