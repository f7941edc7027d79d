using System;
using System.Runtime.CompilerServices;

namespace Cgn.Memory;

/// <summary>Hashing of keys that an outsider may choose: keyed, so that nobody can aim at one bucket.</summary>
public static class Hash
{
    /// <summary>Spreads every bit of the input over the output (the finaliser of SplitMix64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>Folds two words and a key into one: the two halves of a 128-bit product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pair(ulong left, ulong right, ulong key)
    {
        ulong high = Math.BigMul(left ^ key, right ^ 0x9E3779B97F4A7C15 ^ (key << 32 | key >> 32), out ulong low);
        return high ^ low;
    }
}
