using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Cgn.Ports.Steering;

/// <summary>
/// Whether a frame is ours, decided by this process where no XDP program does: the same answer for every frame as
/// steer.bpf.c gives. Allocates nothing for a frame.
/// </summary>
public sealed class SteeringMatcher
{
    private const int EthernetBytes = 14;
    private const int TagBytes = 4;
    private const int MaxTags = 2;
    private const int FirstGroupByte = 224;

    private Lists _lists;
    private uint[] _ownAddresses;

    /// <summary>Prepares rules for searching.</summary>
    public SteeringMatcher(SteeringRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _lists = new Lists(rules);
        _ownAddresses = [.. rules.OwnAddresses.Order()];
    }

    /// <summary>Replaces the box's own addresses, host byte order, while another thread matches.</summary>
    public void SetOwnAddresses(IReadOnlyList<uint> addresses) =>
        Volatile.Write(ref _ownAddresses, [.. addresses.Order()]);

    /// <summary>Replaces everything but the box's own addresses, while another thread matches.</summary>
    public void SetRules(SteeringRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Volatile.Write(ref _lists, new Lists(rules));
    }

    /// <summary>Says of a frame, from its Ethernet header on, whether it is ours.</summary>
    public bool IsOurs(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetBytes || (frame[0] & 1) != 0)
            return false;
        int at = EthernetBytes - 2;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
        for (int tag = 0; tag < MaxTags && type is (0x8100 or 0x88A8); tag++)
        {
            at += TagBytes;
            if (frame.Length < at + 2)
                return false;
            type = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
        }

        ReadOnlySpan<byte> packet = frame[(at + 2)..];
        return type switch
        {
            0x86DD => IsOursIpv6(packet),
            0x0800 => IsOursIpv4(packet),
            _ => false,
        };
    }

    private bool IsOursIpv6(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 40)
            return false;
        UInt128 destination = BinaryPrimitives.ReadUInt128BigEndian(packet[24..]);
        if (!IsAftr(destination))
            return false;
        // Router and neighbour discovery is the kernel's (RFC 4861 section 4).
        return !(packet[6] == 58 && packet.Length > 40 && packet[40] is >= 133 and <= 137);
    }

    private bool IsOursIpv4(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 20)
            return false;
        uint source = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]);
        uint destination = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        Lists lists = Volatile.Read(ref _lists);
        if (IsIn(lists.Pool, destination))
            return true;
        if (destination >> 24 >= FirstGroupByte)
            return false;
        if (!IsIn(lists.Subscribers, source) && !IsReport(packet, lists))
            return false;
        uint[] own = Volatile.Read(ref _ownAddresses);
        int at = CountUpTo(own, destination) - 1;
        return at < 0 || own[at] != destination;
    }

    // Destination unreachable, time exceeded or parameter problem about a packet to a subscriber, whoever sends it: a
    // router of the access network does by an address of its own.
    private static bool IsReport(ReadOnlySpan<byte> packet, Lists lists)
    {
        const int IcmpAt = 20;
        const int QuotedDestinationAt = IcmpAt + 8 + 16;
        if (packet.Length < QuotedDestinationAt + 4 || packet[0] != 0x45 || packet[9] != 1)
            return false;
        if ((BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) != 0 || packet[IcmpAt] is not (3 or 11 or 12))
            return false;
        return IsIn(lists.Subscribers, BinaryPrimitives.ReadUInt32BigEndian(packet[QuotedDestinationAt..]));
    }

    private bool IsAftr(UInt128 address)
    {
        foreach (UInt128 aftr in Volatile.Read(ref _lists).AftrAddresses)
        {
            if (aftr == address)
                return true;
        }

        return false;
    }

    private static bool IsIn((uint[] First, uint[] Last) ranges, uint address)
    {
        int at = CountUpTo(ranges.First, address) - 1;
        return at >= 0 && address <= ranges.Last[at];
    }

    // How many of the ascending values are not above this one. The library's own search makes a helper object at its
    // first
    // call, which would be on the worker.
    private static int CountUpTo(uint[] ascending, uint value)
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (ascending[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    // Ascending ranges that don't overlap: a prefix within another adds nothing.
    private static (uint[] First, uint[] Last) Ranges(IReadOnlyList<SteeringPrefix> prefixes)
    {
        List<uint> first = [];
        List<uint> last = [];
        foreach (SteeringPrefix prefix in prefixes.OrderBy(p => p.Address).ThenBy(p => p.Length))
        {
            if (last.Count != 0 && prefix.Address <= last[^1])
                continue;
            first.Add(prefix.Address);
            last.Add(prefix.Address | (prefix.Length == 0 ? uint.MaxValue : (uint)((1UL << (32 - prefix.Length)) - 1)));
        }

        return ([.. first], [.. last]);
    }

    // What is replaced together.
    private sealed class Lists(SteeringRules rules)
    {
        internal readonly UInt128[] AftrAddresses = [.. rules.AftrAddresses];
        internal readonly (uint[] First, uint[] Last) Pool = Ranges(rules.PoolPrefixes);
        internal readonly (uint[] First, uint[] Last) Subscribers = Ranges(rules.SubscriberPrefixes);
    }
}
