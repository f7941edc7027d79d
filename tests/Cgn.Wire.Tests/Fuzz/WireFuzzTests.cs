using System;
using System.Linq;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Fuzz;

public sealed class WireFuzzTests
{
    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Every_truncation_of_every_layer_of_a_golden_frame_is_survived(string name)
    {
        byte[] frame = Golden.Named(name);
        for (int start = 0; start < frame.Length; start += start < 14 ? 14 : 4)
        {
            for (int end = start; end <= frame.Length; end++)
                WireFuzzTarget.Walk(frame.AsSpan(start..end));
        }
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Every_extreme_value_of_every_byte_of_a_golden_frame_is_survived(string name)
    {
        byte[] frame = Golden.Named(name);
        byte[] extremes = [0, 1, 3, 4, 0x0F, 0x40, 0x7F, 0x80, 0xF0, 0xFF];
        for (int at = 0; at < Math.Min(frame.Length, 120); at++)
        {
            byte before = frame[at];
            foreach (byte extreme in extremes)
            {
                frame[at] = extreme;
                WireFuzzTarget.Walk(frame);
                WireFuzzTarget.Walk(frame.AsSpan(14));
            }

            frame[at] = before;
        }
    }

    [Fact]
    public void Seeded_mutations_of_golden_frames_are_survived()
    {
        byte[][] frames = [.. Golden.Frames().Select(golden => golden.Frame)];
        Random random = new(20_240_229);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] frame = [.. frames[random.Next(frames.Length)]];
            for (int change = random.Next(1, 6); change > 0; change--)
                frame[random.Next(frame.Length)] = Interesting(random);
            int start = random.Next(4) * 14;
            int end = random.Next(3) == 0 ? random.Next(frame.Length + 1) : frame.Length;
            WireFuzzTarget.Walk(frame.AsSpan(Math.Min(start, end)..end));
        }
    }

    [Fact]
    public void Random_bytes_are_survived() =>
        Gen.Byte.Array[0, 200].Sample(bytes => { WireFuzzTarget.Walk(bytes); }, iter: 5_000);

    [Fact]
    public void The_same_bytes_give_the_same_digest()
    {
        foreach ((_, byte[] frame) in Golden.Frames())
            Assert.Equal(WireFuzzTarget.Walk(frame), WireFuzzTarget.Walk(frame));
        byte[] changed = Golden.Named("udp");
        changed[^1] ^= 1;
        Assert.NotEqual(WireFuzzTarget.Walk(Golden.Named("udp")), WireFuzzTarget.Walk(changed));
    }

    private static byte Interesting(Random random) => random.Next(4) switch
    {
        0 => (byte)random.Next(256),
        1 => (byte)(1 << random.Next(8)),
        2 => (byte)(0xFF << random.Next(8)),
        _ => (byte)((ReadOnlySpan<int>)[0, 4, 6, 17, 41, 43, 44, 58, 60, 0x45, 0x4F, 0x60])[random.Next(12)],
    };
}
