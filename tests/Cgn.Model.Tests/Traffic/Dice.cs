namespace Cgn.Model.Tests.Traffic;

/// <summary>Many small numbers out of a few large ones.</summary>
internal sealed class Dice(params ulong[] seeds)
{
    private ulong _state = Mix(seeds);

    public int Below(int end)
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        ulong z = (_state ^ (_state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return (int)((z >> 33) % (ulong)end);
    }

    private static ulong Mix(ulong[] seeds)
    {
        ulong state = 1;
        foreach (ulong seed in seeds)
            state = (state ^ seed) * 0x2545_F491_4F6C_DD1D;
        return state;
    }
}
