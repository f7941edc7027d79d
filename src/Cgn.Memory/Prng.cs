using System.Runtime.CompilerServices;

namespace Cgn.Memory;

/// <summary>
/// A seeded generator (SplitMix64 steps a Weyl sequence and mixes it): the same seed gives the same numbers
/// everywhere. Chance for port
/// selection; not for keys.
/// </summary>
public struct Prng
{
    private ulong _state;

    /// <summary>Starts a sequence.</summary>
    public Prng(ulong seed) => _state = seed;

    /// <summary>The next 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next() => Hash.Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>A number from 0 to <paramref name="limit"/> - 1; the bias is below 2^-32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Below(uint limit) => (uint)(((Next() >> 32) * limit) >> 32);
}
