using System;

namespace Cgn.Softwire;

/// <summary>Packets given up that the caller has yet to collect: a queue.</summary>
internal sealed class LostPackets
{
    private readonly ReassemblyLoss[] _queue;
    private int _head;

    public LostPackets(int capacity) => _queue = GC.AllocateArray<ReassemblyLoss>(capacity, pinned: true);

    public int Count { get; private set; }

    public int Room => _queue.Length - Count;

    public void Add(in ReassemblyLoss loss) => _queue[(_head + Count++) % _queue.Length] = loss;

    public int Take(Span<ReassemblyLoss> lost)
    {
        int count = Math.Min(lost.Length, Count);
        for (int i = 0; i < count; i++)
        {
            lost[i] = _queue[_head];
            _head = (_head + 1) % _queue.Length;
        }

        Count -= count;
        return count;
    }
}
