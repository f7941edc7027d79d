using System;
using System.Numerics;

namespace Cgn.Nat;

// Finding what is free on an address, from a place on and round again.
internal sealed partial class ShardBlocks
{
    // The first free unit; there is one.
    private uint FirstUnit(in Units at, uint from)
    {
        uint found = FirstFree(from, at.End);
        return found != at.End ? found : FirstFree(at.Low, from);
    }

    private uint FirstWhole(in Units at, uint from)
    {
        uint step = 1u << at.Range.GroupShift;
        for (uint bit = from; bit < at.End; bit += step)
        {
            if (IsWhole(at, bit))
                return bit;
        }

        uint again = at.Low;
        while (!IsWhole(at, again))
            again += step;
        return again;
    }

    private uint FirstOfBroken(in Units at, uint from)
    {
        uint step = 1u << at.Range.GroupShift;
        uint bit = from;
        for (uint i = at.Low; i < at.End; i += step)
        {
            ulong free = Word(bit) & Mask((int)step);
            if (free != 0 && free != Mask((int)step))
                return bit + (uint)BitOperations.TrailingZeroCount(free);
            bit = bit + step < at.End ? bit + step : at.Low;
        }

        return FirstUnit(at, from);
    }

    private uint FirstFree(uint from, uint end)
    {
        for (uint at = from; at < end;)
        {
            ulong word = _freeBits[at / 64] >> (int)(at % 64);
            if (word != 0)
                return Math.Min(end, at + (uint)BitOperations.TrailingZeroCount(word));
            at = ((at / 64) + 1) * 64;
        }

        return end;
    }
}
