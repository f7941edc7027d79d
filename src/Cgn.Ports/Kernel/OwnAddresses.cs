using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Ports.Kernel;

/// <summary>
/// The IPv4 addresses of this box and the broadcast addresses of its links, which NAT444 subscribers reach without
/// translation.
/// </summary>
internal sealed class OwnAddresses
{
    private readonly Dictionary<(int Device, uint Address, byte Length), uint> _broadcasts = [];

    /// <summary>Takes in an address; true when the list has changed.</summary>
    internal bool Apply(ReadOnlySpan<byte> body, bool deleted)
    {
        if (body.Length < Rtnetlink.AddressBytes || body[0] != Rtnetlink.FamilyIpv4)
            return false;
        uint address = 0;
        uint local = 0;
        uint broadcast = 0;
        ReadOnlySpan<byte> attributes = body[Rtnetlink.AddressBytes..];
        while (NetlinkMessage.TryTakeAttribute(ref attributes, out ushort type, out ReadOnlySpan<byte> value))
        {
            uint number = (uint)NetlinkMessage.Address(value);
            if (type == Rtnetlink.AddressLocal)
                local = number;
            else if (type == Rtnetlink.AddressBroadcast)
                broadcast = number;
            else if (type == Rtnetlink.AddressAddress)
                address = number;
        }

        (int, uint, byte) key = ((int)NetlinkMessage.Number(body[4..]), local != 0 ? local : address, body[1]);
        if (deleted)
            return _broadcasts.Remove(key);
        bool isSame = _broadcasts.TryGetValue(key, out uint known) && known == broadcast;
        _broadcasts[key] = broadcast;
        return !isSame;
    }

    internal void Clear() => _broadcasts.Clear();

    /// <summary>All of them once, in order, host byte order. A new list each time.</summary>
    internal IReadOnlyList<uint> List() =>
    [
        .. _broadcasts.Keys.Select(key => key.Address).Concat(_broadcasts.Values)
            .Where(address => address != 0).Distinct().Order(),
    ];
}
