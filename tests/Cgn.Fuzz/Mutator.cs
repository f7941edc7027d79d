using System;
using System.Collections.Generic;

namespace Cgn.Fuzz;

/// <summary>Bends right inputs by chance, repeatably: the same seed gives the same inputs.</summary>
/// <param name="seeds">Right inputs, at least one.</param>
/// <param name="seed">Chance.</param>
public sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed)
{
    private const int ChangesMax = 8;
    private const int GrowMaxBytes = 64;

    private static readonly byte[] s_interesting =
        [0, 1, 4, 5, 6, 17, 41, 43, 44, 58, 60, 0x45, 0x4F, 0x60, 0x7F, 0x80, 0xFF];

    private readonly Random _random = new(seed);

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        byte[] input = [.. seeds[_random.Next(seeds.Count)]];
        for (int changes = _random.Next(ChangesMax); changes > 0; changes--)
            input = Change(input);
        return input;
    }

    private byte[] Change(byte[] input)
    {
        if (input.Length == 0)
            return [(byte)_random.Next(256)];
        int at = _random.Next(input.Length);
        switch (_random.Next(8))
        {
            case 0:
                input[at] ^= (byte)(1 << _random.Next(8));
                return input;
            case 1:
                input[at] = (byte)_random.Next(256);
                return input;
            case 2 or 3:
                input[at] = s_interesting[_random.Next(s_interesting.Length)];
                return input;
            case 4: // a number of two bytes a little larger or smaller: lengths and offsets
                if (at + 1 < input.Length)
                {
                    int value = ((input[at] << 8) | input[at + 1]) + _random.Next(-9, 10);
                    (input[at], input[at + 1]) = ((byte)(value >> 8), (byte)value);
                }

                return input;
            case 5:
                return input[..at];
            case 6:
                return [.. input[..at], .. Some(), .. input[at..]];
            default: // the end of another
                byte[] other = seeds[_random.Next(seeds.Count)];
                return [.. input[..at], .. other[Math.Min(at, other.Length)..]];
        }
    }

    private byte[] Some()
    {
        byte[] bytes = new byte[_random.Next(1, GrowMaxBytes)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
