using System;

namespace Cgn.Ports.Kernel;

/// <summary>
/// A destination of the routing table: bits from the highest down, for both families, so that one table structure
/// serves both.
/// </summary>
/// <param name="Bits">The address in the high end: IPv4 fills the upper 32 bits. Bits behind the length are 0.</param>
/// <param name="Length">Bits that count: 0 to 32 or 128.</param>
/// <param name="IsIpv6">Which family.</param>
internal readonly record struct RoutePrefix(UInt128 Bits, byte Length, bool IsIpv6)
{
    internal static RoutePrefix Of(UInt128 address, int length, bool isIpv6)
    {
        UInt128 bits = isIpv6 ? address : address << 96;
        return new RoutePrefix(
            length == 0 ? UInt128.Zero : bits & (UInt128.MaxValue << (128 - length)), (byte)length, isIpv6);
    }

    /// <summary>The same destination with fewer bits.</summary>
    internal RoutePrefix Shorten(int length) =>
        new(length == 0 ? UInt128.Zero : Bits & (UInt128.MaxValue << (128 - length)), (byte)length, IsIpv6);
}
