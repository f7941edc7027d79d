using System.Collections.Generic;
using System.Linq;

namespace Cgn.Ports.Kernel;

/// <summary>
/// The sets of ways in use, and what the search structures hold for each: a next hop, a group of them, a link whose
/// neighbours are looked up one by one, or nowhere. Values have the kind in the top three of 24 bits. One thread
/// writes; groups and links are read by all.
/// </summary>
internal sealed class HopSetTable
{
    internal const int KindShift = 21;
    internal const uint PayloadMask = (1 << KindShift) - 1;
    internal const uint KindNumber = 1;
    internal const uint KindLink = 2;
    internal const uint KindGroup = 3;
    private const int MaxGroups = 1024;
    private const int MaxLinks = 4096;

    private readonly NeighbourTable _neighbours;
    private readonly LinkTable _links;
    private readonly Dictionary<HopSet, HopSet> _sets = [];
    private readonly ushort[][] _groups = new ushort[MaxGroups][];
    private readonly int[] _linkDevices = new int[MaxLinks];
    private readonly ushort _unreachable;
    private int _linkCount;
    private int _groupAt;

    internal HopSetTable(NeighbourTable neighbours, LinkTable links, ushort unreachable)
    {
        _neighbours = neighbours;
        _links = links;
        _unreachable = unreachable;
    }

    /// <summary>Members of a group, by the payload of a value. Any thread.</summary>
    internal ushort[] Group(uint payload) => _groups[payload];

    /// <summary>Number of a link's device, by the payload of a value. Any thread.</summary>
    internal int LinkDevice(uint payload) => _linkDevices[payload];

    /// <summary>The shared set that equals one just parsed, held for one more route.</summary>
    internal HopSet Acquire(HopSet parsed)
    {
        if (!_sets.TryGetValue(parsed, out HopSet? set))
        {
            set = parsed.Copy();
            _sets.Add(set, set);
            Evaluate(set);
        }

        set.References++;
        return set;
    }

    /// <summary>One route less uses a set.</summary>
    internal void Release(HopSet set)
    {
        if (--set.References != 0)
            return;
        Forget(set);
        _sets.Remove(set);
    }

    /// <summary>Works all values out anew after a device has changed; true when any is another than before.</summary>
    internal bool Evaluate()
    {
        bool changed = false;
        foreach (HopSet set in _sets.Values.ToArray())
        {
            uint before = set.Value;
            List<ushort> held = [.. set.Numbers];
            set.Numbers.Clear();
            FreeGroup(set);
            Evaluate(set);
            // After the new ones are held, so that a router that stays is not forgotten in between.
            held.ForEach(_neighbours.Release);
            changed |= before != set.Value;
        }

        return changed;
    }

    private void Forget(HopSet set)
    {
        set.Numbers.ForEach(_neighbours.Release);
        set.Numbers.Clear();
        FreeGroup(set);
    }

    private void Evaluate(HopSet set)
    {
        foreach (Hop hop in set.Hops)
        {
            if (_links.Find(hop.Device) is not { HasMac: true, Port: not Link.NoPort })
                continue;
            if (hop.IsOnLink)
            {
                // Several links without routers: the first serves.
                if (set.Numbers.Count != 0)
                    continue;
                set.Value = (KindLink << KindShift) | LinkSlot(hop.Device);
                return;
            }

            ushort number = _neighbours.Acquire(new HopKey(hop.Gateway, hop.Device, hop.GatewayIsIpv6, set.IsIpv6));
            if (number != 0)
                set.Numbers.Add(number);
        }

        set.Value = set.Numbers.Count switch
        {
            0 => (KindNumber << KindShift) | _unreachable,
            1 => (KindNumber << KindShift) | set.Numbers[0],
            _ => GroupValue(set),
        };
    }

    // Places are given out in turn, so that one just freed is not soon used again.
    private uint GroupValue(HopSet set)
    {
        for (int tried = 0; tried < MaxGroups; tried++)
        {
            _groupAt = (_groupAt + 1) % MaxGroups;
            if (_groups[_groupAt] is { Length: > 0 })
                continue;
            System.Threading.Volatile.Write(ref _groups[_groupAt], [.. set.Numbers]);
            set.Group = _groupAt;
            return (KindGroup << KindShift) | (uint)_groupAt;
        }

        return (KindNumber << KindShift) | set.Numbers[0];
    }

    private void FreeGroup(HopSet set)
    {
        if (set.Group >= 0)
            System.Threading.Volatile.Write(ref _groups[set.Group], []);
        set.Group = -1;
    }

    // Links keep their place for ever; a device that is made anew has a new number and gets another.
    private uint LinkSlot(int device)
    {
        for (int slot = 0; slot < _linkCount; slot++)
        {
            if (_linkDevices[slot] == device)
                return (uint)slot;
        }

        int taken = _linkCount < MaxLinks ? _linkCount++ : MaxLinks - 1;
        _linkDevices[taken] = device;
        return (uint)taken;
    }
}
