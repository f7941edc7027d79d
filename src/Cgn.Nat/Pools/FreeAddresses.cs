using System.Numerics;

namespace Cgn.Nat;

/// <summary>How much is free on each address, and which address has anything.</summary>
/// <param name="addresses">Addresses, by their numbers.</param>
internal sealed class FreeAddresses(int addresses)
{
    private readonly int[] _free = new int[addresses];
    private readonly ulong[] _bits = new ulong[(addresses + 63) / 64];

    /// <summary>Addresses that have something free.</summary>
    internal int Count { get; private set; }

    /// <summary>What is free on an address.</summary>
    internal int this[int address] => _free[address];

    /// <summary>Nothing is free on an address.</summary>
    internal bool IsNone(int address) => _free[address] == 0;

    /// <summary>More, or less, is free on an address.</summary>
    internal void Add(int address, int amount)
    {
        int before = _free[address];
        _free[address] = before + amount;
        if (before == 0)
        {
            _bits[address / 64] |= 1UL << (address % 64);
            Count++;
        }
        else if (before + amount == 0)
        {
            _bits[address / 64] &= ~(1UL << (address % 64));
            Count--;
        }
    }

    /// <summary>The first address from one on, up to an end, that has something; -1 when none has.</summary>
    internal int Next(int from, int end)
    {
        for (int at = from; at < end;)
        {
            ulong word = _bits[at / 64] >> (at % 64);
            if (word != 0)
            {
                int found = at + BitOperations.TrailingZeroCount(word);
                return found < end ? found : -1;
            }

            at = ((at / 64) + 1) * 64;
        }

        return -1;
    }
}
