using System.Collections.Generic;

using Cgn.Contract.Settings;

namespace Cgn.Cli.Replay;

/// <summary>
/// Which addresses captured hosts get. Internal hosts of a softwire keep private addresses (RFC 1918) and get 10.x
/// ones otherwise. Hosts that stay outside keep theirs, unless no Internet host has such an address or the pools do;
/// then they get one in 198.18.0.0/15 (RFC 2544).
/// </summary>
internal sealed class AddressBook(ConfigSnapshot snapshot)
{
    private const uint InsideBase = 0x0AFF_0000;
    private const uint OutsideBase = 0xC612_0000;

    private static readonly Ipv4PrefixSetting[] s_private =
    [
        new(0x0A000000, 8), new(0xAC100000, 12), new(0xC0A80000, 16),
    ];

    // RFC 6890: what no server on the Internet can have.
    private static readonly Ipv4PrefixSetting[] s_special =
    [
        new(0x00000000, 8), new(0x0A000000, 8), new(0x64400000, 10), new(0x7F000000, 8), new(0xA9FE0000, 16),
        new(0xAC100000, 12), new(0xC0000000, 24), new(0xC0000200, 24), new(0xC0A80000, 16), new(0xC6120000, 15),
        new(0xC6336400, 24), new(0xCB007100, 24),
        new(0xE0000000, 3),
    ];

    private readonly Dictionary<uint, int> _hosts = [];
    private readonly List<uint> _inside = [];
    private readonly Dictionary<uint, uint> _outside = [];
    private readonly HashSet<uint> _captured = [];
    private uint _nextInside = InsideBase;
    private uint _nextOutside = OutsideBase;

    /// <summary>Hosts that are some flow's client.</summary>
    internal int HostCount => _inside.Count;

    /// <summary>An address is a private one (RFC 1918).</summary>
    internal static bool IsPrivate(uint address) => Contains(s_private, address);

    /// <summary>Takes note of an address in the capture, so that no other host is given it.</summary>
    internal void Note(uint captured) => _captured.Add(captured);

    /// <summary>The number of an internal host, from 0.</summary>
    internal int Host(uint captured)
    {
        if (_hosts.TryGetValue(captured, out int host))
            return host;
        uint address = captured;
        if (!IsPrivate(captured))
        {
            do
                address = ++_nextInside;
            while (_captured.Contains(address));
        }

        host = _inside.Count;
        _hosts.Add(captured, host);
        _inside.Add(address);
        return host;
    }

    /// <summary>A host's address behind a softwire.</summary>
    internal uint Inside(int host) => _inside[host];

    /// <summary>An outside host's address.</summary>
    internal uint Outside(uint captured)
    {
        if (_outside.TryGetValue(captured, out uint address))
            return address;
        address = captured;
        if (Contains(s_special, captured) || IsOurs(captured))
        {
            do
                address = ++_nextOutside;
            while (IsOurs(address));
        }

        _outside.Add(captured, address);
        return address;
    }

    private static bool Contains(Ipv4PrefixSetting[] prefixes, uint address)
    {
        foreach (Ipv4PrefixSetting prefix in prefixes)
        {
            if (prefix.Contains(address))
                return true;
        }

        return false;
    }

    private bool IsOurs(uint address)
    {
        foreach (PoolSettings pool in snapshot.Pools)
        {
            if (Contains(pool.Prefixes, address))
                return true;
        }

        return Contains(snapshot.Nat444Sources, address);
    }
}
