namespace Cgn.Memory.NextHops;

/// <summary>Two neighbours that never change, one on each side: for translate, replay and benchmarks, where there is
/// no kernel to ask.</summary>
public sealed class FixedNextHops : NextHopTable
{
    private const ushort InsideIpv6 = 1;
    private const ushort InsideIpv4 = 2;
    private const ushort Outside = 3;

    // Locally administered addresses; the gateway's end in :01 inside and :02 outside, the neighbours' in :11 and :12.
    private static readonly byte[] s_insideMacs = [2, 0, 0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0x01];
    private static readonly byte[] s_outsideMacs = [2, 0, 0, 0, 0, 0x12, 2, 0, 0, 0, 0, 0x02];

    private readonly InsideTest _isInside;

    /// <summary>Makes the table.</summary>
    /// <param name="isInside">Says of an IPv4 address whether it is a NAT444 customer's.</param>
    public FixedNextHops(InsideTest isInside)
        : base(3)
    {
        _isInside = isInside;
        Add(InsideIpv6, Frames.FramePort.Inside, [.. s_insideMacs, 0x86, 0xDD]);
        Add(InsideIpv4, Frames.FramePort.Inside, [.. s_insideMacs, 0x08, 0x00]);
        Add(Outside, Frames.FramePort.Outside, [.. s_outsideMacs, 0x08, 0x00]);
    }

    /// <summary>Says of an IPv4 address, host byte order, whether it is a NAT444 customer's.</summary>
    public delegate bool InsideTest(uint address);

    /// <inheritdoc/>
    public override ushort Resolve(ulong high, ulong low)
    {
        if (high != 0 || low >> 32 != 0xFFFF)
            return InsideIpv6;
        return _isInside((uint)low) ? InsideIpv4 : Outside;
    }

    private void Add(ushort number, byte port, byte[] header)
    {
        NextHop hop = NextHop.Resolved(port, header);
        hop.KeepsTags = 1;
        Set(number, hop);
    }
}
