using System;

using Cgn.Contract;
using Cgn.Memory.Frames;

namespace Cgn.Softwire;

/// <summary>Frames that wait, in chains of a fixed number of places; and those given up, which the caller has yet to
/// collect.</summary>
internal sealed class HeldFrames
{
    private readonly Node[] _nodes;
    private int _free;
    private EntryList _lost;

    public HeldFrames(int capacity)
    {
        _nodes = GC.AllocateArray<Node>(capacity + 1, pinned: true);
        for (int i = capacity; i > 0; i--)
        {
            _nodes[i].Next = _free;
            _free = i;
        }
    }

    /// <summary>Frames here, waiting or lost.</summary>
    public int Count { get; private set; }

    public bool IsFull => _free == 0;

    public void Append(ref EntryList list, in Frame frame)
    {
        int node = _free;
        _free = _nodes[node].Next;
        _nodes[node].Frame = frame;
        Link(ref list, node);
        Count++;
    }

    public bool TryTakeFirst(ref EntryList list, out Frame frame, out DropReason reason)
    {
        int node = list.Head;
        frame = _nodes[node].Frame;
        reason = _nodes[node].Reason;
        if (node == 0)
            return false;
        list.Head = _nodes[node].Next;
        if (list.Head == 0)
            list.Tail = 0;
        _nodes[node].Next = _free;
        _free = node;
        Count--;
        return true;
    }

    /// <summary>Gives up a whole chain.</summary>
    public void Lose(ref EntryList list, DropReason reason)
    {
        while (list.Head != 0)
        {
            int node = list.Head;
            list.Head = _nodes[node].Next;
            _nodes[node].Reason = reason;
            Link(ref _lost, node);
        }

        list.Tail = 0;
    }

    /// <summary>Hands over frames that were given up, in the order in which that happened.</summary>
    public int TakeLost(Span<Frame> frames, Span<DropReason> reasons)
    {
        int count = 0;
        int most = Math.Min(frames.Length, reasons.Length);
        while (count < most && TryTakeFirst(ref _lost, out frames[count], out reasons[count]))
            count++;
        return count;
    }

    private void Link(ref EntryList list, int node)
    {
        _nodes[node].Next = 0;
        if (list.Tail != 0)
            _nodes[list.Tail].Next = node;
        else
            list.Head = node;
        list.Tail = node;
    }

    private struct Node
    {
        public Frame Frame;
        public int Next;
        public DropReason Reason;
    }
}
