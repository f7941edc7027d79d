using System;

using Cgn.Contract;
using Cgn.Memory;
using Cgn.Memory.Frames;
using Cgn.Nat;

namespace Cgn.Pipeline;

/// <summary>
/// TCP SYNs from outside that nothing admitted, kept in their frames until it is known whether the inside opens the
/// same connection (RFC 5382 REQ-4). One worker's; a fixed number of places, of which one external address may take an
/// eighth. What does not fit is not kept, and so never answered.
/// </summary>
public sealed class HeldSyns
{
    private const int AddressQuotas = 256;

    private readonly Entry[] _entries;
    private readonly int[] _heads;
    private readonly ushort[] _ofAddress = new ushort[AddressQuotas];
    private readonly int _addressMax;
    private readonly ulong _secret;
    private int _first;

    /// <summary>Takes the memory.</summary>
    /// <param name="capacity">SYNs that fit, 1 to 65,535.</param>
    /// <param name="secret">Key of the hashes.</param>
    public HeldSyns(int capacity, ulong secret)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, ushort.MaxValue);
        _entries = GC.AllocateArray<Entry>(capacity, pinned: true);
        _heads = new int[capacity];
        _addressMax = Math.Max(1, capacity / 8);
        _secret = secret;
    }

    /// <summary>SYNs kept now.</summary>
    public int Count { get; private set; }

    /// <summary>Keeps a SYN's frame.</summary>
    /// <param name="frame">The frame, as it would come in again.</param>
    /// <param name="flow">Its endpoints; the local one is external.</param>
    /// <param name="reason">Why it was not admitted.</param>
    /// <param name="tick">Now.</param>
    /// <returns>False when there is no room, or a SYN of the same endpoints is kept already.</returns>
    public bool TryHold(in Frame frame, in FlowKey flow, DropReason reason, uint tick)
    {
        ref ushort ofAddress = ref OfAddress(flow);
        ref int head = ref _heads[Bucket(flow)];
        if (Count == _entries.Length || ofAddress >= _addressMax || Contains(head, flow))
            return false;
        int at = (_first + Count) % _entries.Length;
        _entries[at] = new Entry { Frame = frame, Flow = flow, Reason = reason, Tick = tick, Next = head };
        head = at + 1;
        ofAddress++;
        Count++;
        return true;
    }

    /// <summary>Hands over the oldest SYN, once it has been kept for a time.</summary>
    /// <param name="tick">Now.</param>
    /// <param name="ticks">For how long at least.</param>
    /// <param name="frame">Its frame.</param>
    /// <param name="reason">Why it was not admitted.</param>
    public bool TryTake(uint tick, uint ticks, out Frame frame, out DropReason reason)
    {
        ref readonly Entry oldest = ref _entries[_first];
        frame = oldest.Frame;
        reason = oldest.Reason;
        // It came somewhere within its tick, so that one more has to pass.
        if (Count == 0 || tick - oldest.Tick <= ticks)
            return false;
        OfAddress(oldest.Flow)--;
        Unlink(_first + 1, oldest);
        _first = (_first + 1) % _entries.Length;
        Count--;
        return true;
    }

    private bool Contains(int number, in FlowKey flow)
    {
        for (; number != 0; number = _entries[number - 1].Next)
        {
            ref readonly FlowKey there = ref _entries[number - 1].Flow;
            if (there.RemoteAddress == flow.RemoteAddress && there.RemotePort == flow.RemotePort
                && there.InternalAddress == flow.InternalAddress && there.InternalPort == flow.InternalPort)
            {
                return true;
            }
        }

        return false;
    }

    private void Unlink(int number, in Entry entry)
    {
        ref int link = ref _heads[Bucket(entry.Flow)];
        while (link != number)
            link = ref _entries[link - 1].Next;
        link = entry.Next;
    }

    private ulong Hashed(in FlowKey flow) => Hash.Pair(
        ((ulong)flow.RemoteAddress << 32) | flow.InternalAddress,
        ((ulong)flow.RemotePort << 16) | flow.InternalPort, _secret);

    private uint Bucket(in FlowKey flow) => (uint)(Hashed(flow) % (uint)_heads.Length);

    // By a hash of the address: two that meet share what they may have.
    private ref ushort OfAddress(in FlowKey flow) =>
        ref _ofAddress[(int)(Hash.Mix(flow.InternalAddress ^ _secret) % AddressQuotas)];

    private struct Entry
    {
        public Frame Frame;
        public FlowKey Flow;
        public uint Tick;
        public int Next;
        public DropReason Reason;
    }
}
