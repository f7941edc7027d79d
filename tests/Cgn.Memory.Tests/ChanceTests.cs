using System.Linq;
using System.Numerics;

using CsCheck;

using Xunit;

namespace Cgn.Memory.Tests;

public sealed class ChanceTests
{
    [Fact]
    public void Same_seed_gives_the_same_numbers_and_another_seed_gives_others()
    {
        Prng left = new(7);
        Prng right = new(7);
        Prng other = new(8);
        for (int i = 0; i < 1000; i++)
        {
            ulong number = left.Next();
            Assert.Equal(number, right.Next());
            Assert.NotEqual(number, other.Next());
        }
    }

    [Fact]
    public void Numbers_below_a_limit_stay_below_and_are_spread_evenly() =>
        Gen.Select(Gen.ULong, Gen.UInt[1, 50]).Sample(
            (seed, limit) =>
            {
                Prng chance = new(seed);
                int[] counts = new int[limit];
                for (int i = 0; i < 2000; i++)
                    counts[chance.Below(limit)]++;
                double expected = 2000.0 / limit;
                double chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
                // Twice the degrees of freedom and sixty is far beyond any chance in so few tries.
                return chiSquare < (2 * limit) + 60;
            },
            iter: 200);

    // Tables take buckets from the lower half and tags from the top: both must turn on every bit of the input.
    [Fact]
    public void Every_input_bit_turns_about_half_of_the_output_bits_of_a_hash()
    {
        Prng chance = new(1);
        for (int bit = 0; bit < 128; bit++)
        {
            (int low, int high) = (0, 0);
            for (int i = 0; i < 400; i++)
            {
                (ulong left, ulong right, ulong key) = (chance.Next(), chance.Next(), chance.Next());
                ulong before = Hash.Pair(left, right, key);
                ulong after = bit < 64
                    ? Hash.Pair(left ^ (1ul << bit), right, key)
                    : Hash.Pair(left, right ^ (1ul << (bit - 64)), key);
                low += BitOperations.PopCount((uint)(before ^ after));
                high += BitOperations.PopCount((before ^ after) >> 48);
            }

            Assert.InRange(low / 400.0, 11, 21);
            Assert.InRange(high / 400.0, 5, 11);
        }
    }
}
