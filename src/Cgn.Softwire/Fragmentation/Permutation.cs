using System.Runtime.CompilerServices;

using Cgn.Memory;

namespace Cgn.Softwire;

/// <summary>
/// A keyed one-to-one mapping of the 16-bit or 32-bit numbers onto themselves (a Feistel network of four rounds): a
/// counter sent through it gives numbers that an outsider can't predict and that do not repeat before the counter does
/// (RFC 7739 §5.3 asks for both).
/// </summary>
internal static class Permutation
{
    private const int Rounds = 4;

    /// <summary>Permutes 32 bits.</summary>
    public static uint Of32(uint value, ulong key)
    {
        uint left = value >> 16;
        uint right = value & 0xFFFF;
        for (uint round = 0; round < Rounds; round++)
        {
            uint mixed = (uint)(Hash.Mix(key + ((ulong)round << 32) + right) >> 48);
            (left, right) = (right, left ^ mixed);
        }

        return (left << 16) | right;
    }

    /// <summary>Permutes 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Of16(ushort value, ulong key)
    {
        uint left = (uint)value >> 8;
        uint right = value & 0xFFu;
        for (uint round = 0; round < Rounds; round++)
        {
            uint mixed = (uint)(Hash.Mix(key + ((ulong)round << 32) + right) >> 56);
            (left, right) = (right, left ^ mixed);
        }

        return (ushort)((left << 8) | right);
    }
}
