using System;

namespace Cgn.Ports.Steering;

/// <summary>A block of IPv4 addresses.</summary>
public readonly record struct SteeringPrefix
{
    /// <summary>Makes a prefix; bits behind the length are cleared.</summary>
    /// <param name="address">Any address in the block, host byte order.</param>
    /// <param name="length">Bits that all its addresses share, 0 to 32.</param>
    public SteeringPrefix(uint address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 32);
        Address = length == 0 ? 0 : address & (uint.MaxValue << (32 - length));
        Length = length;
    }

    /// <summary>First address of the block, host byte order.</summary>
    public uint Address { get; }

    /// <summary>Bits that all its addresses share, 0 to 32.</summary>
    public int Length { get; }

    /// <summary>The prefix as a.b.c.d/n.</summary>
    public override string ToString() =>
        $"{Address >> 24}.{(Address >> 16) & 255}.{(Address >> 8) & 255}.{Address & 255}/{Length}";
}
