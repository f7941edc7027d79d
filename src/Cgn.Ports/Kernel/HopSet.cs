using System;
using System.Collections.Generic;

namespace Cgn.Ports.Kernel;

/// <summary>
/// All ways that a route goes, shared by all routes that go so: a full table has a million routes and a handful of
/// these. No ways at all: unreachable.
/// </summary>
internal sealed class HopSet : IEquatable<HopSet>
{
    /// <summary>Most ways of one route that are looked at.</summary>
    internal const int MaxHops = 8;

    private readonly List<Hop> _hops = new(1);

    internal HopSet(bool isIpv6) => IsIpv6 = isIpv6;

    /// <summary>Family of the packets.</summary>
    internal bool IsIpv6 { get; private set; }

    internal IReadOnlyList<Hop> Hops => _hops;

    /// <summary>Routes that use it.</summary>
    internal int References { get; set; }

    /// <summary>What the search structure holds for it.</summary>
    internal uint Value { get; set; }

    /// <summary>Numbers of the next hops that it holds on to.</summary>
    internal List<ushort> Numbers { get; } = [];

    /// <summary>Number of the group that spreads over several; -1 when there is none.</summary>
    internal int Group { get; set; } = -1;

    public bool Equals(HopSet? other)
    {
        if (other is null || other.IsIpv6 != IsIpv6 || other._hops.Count != _hops.Count)
            return false;
        for (int i = 0; i < _hops.Count; i++)
        {
            if (_hops[i] != other._hops[i])
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as HopSet);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(IsIpv6);
        foreach (Hop hop in _hops)
            hash.Add(hop);
        return hash.ToHashCode();
    }

    /// <summary>Empties a set that serves for parsing; never one that is shared.</summary>
    internal void Reset(bool isIpv6)
    {
        IsIpv6 = isIpv6;
        _hops.Clear();
    }

    internal void Add(Hop hop)
    {
        if (_hops.Count < MaxHops)
            _hops.Add(hop);
    }

    internal void RemoveAll(HopSet others) => _hops.RemoveAll(others._hops.Contains);

    internal HopSet Copy()
    {
        HopSet copy = new(IsIpv6);
        copy._hops.AddRange(_hops);
        return copy;
    }
}
