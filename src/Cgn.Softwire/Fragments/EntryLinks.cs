using System;

namespace Cgn.Softwire;

/// <summary>Doubly linked chains over numbered entries, from 1: any entry is in one chain at most and leaves it in
/// constant time.</summary>
internal sealed class EntryLinks
{
    private readonly int[] _next;
    private readonly int[] _previous;

    public EntryLinks(int capacity)
    {
        _next = GC.AllocateArray<int>(capacity + 1, pinned: true);
        _previous = GC.AllocateArray<int>(capacity + 1, pinned: true);
    }

    public void Append(ref EntryList list, int entry)
    {
        _next[entry] = 0;
        _previous[entry] = list.Tail;
        if (list.Tail != 0)
            _next[list.Tail] = entry;
        else
            list.Head = entry;
        list.Tail = entry;
    }

    public void Remove(ref EntryList list, int entry)
    {
        int next = _next[entry];
        int previous = _previous[entry];
        if (previous != 0)
            _next[previous] = next;
        else
            list.Head = next;
        if (next != 0)
            _previous[next] = previous;
        else
            list.Tail = previous;
    }
}
