using System;

namespace Cgn.Ports.Kernel;

/// <summary>
/// What makes a next hop one of its own: neighbour, device, and the family of the packets, because the header ends with
/// it.
/// </summary>
/// <param name="Address">The neighbour, host byte order; IPv4 in the low 32 bits.</param>
/// <param name="Device">Number of the egress device.</param>
/// <param name="AddressIsIpv6">Family of the neighbour's address.</param>
/// <param name="PacketIsIpv6">Family of the packets.</param>
internal readonly record struct HopKey(UInt128 Address, int Device, bool AddressIsIpv6, bool PacketIsIpv6)
{
    internal uint Hash()
    {
        ulong mixed = (ulong)Address ^ ((ulong)(Address >> 64) * 0x9E3779B97F4A7C15UL);
        mixed ^= ((ulong)(uint)Device << 2) | (AddressIsIpv6 ? 2UL : 0) | (PacketIsIpv6 ? 1UL : 0);
        mixed *= 0xFF51AFD7ED558CCDUL;
        return (uint)(mixed >> 32) ^ (uint)mixed;
    }
}
