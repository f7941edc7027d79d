using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Nat.Forecasts;

/// <summary>A configuration's static mappings by both their endpoints.</summary>
internal sealed class StaticSet
{
    private readonly Dictionary<(uint Address, ushort Port, byte Protocol), StaticMapping> _outside = [];
    private readonly Dictionary<(SubscriberKey, uint Address, ushort Port, byte Protocol), StaticMapping> _inside = [];

    internal StaticSet(StaticMapping[] mappings)
    {
        foreach (StaticMapping mapping in mappings)
        {
            _outside[(mapping.ExternalAddress, mapping.ExternalPort, mapping.Protocol)] = mapping;
            _inside[(PoolTable.KeyOf(mapping), mapping.InternalAddress, mapping.InternalPort, mapping.Protocol)] =
                mapping;
        }
    }

    /// <summary>The one that a record is of, or null.</summary>
    internal StaticMapping? Find(in MappingRecord m, in SubscriberKey key) =>
        Outside(m) is { } found && found.InternalAddress == m.InternalAddress && found.InternalPort == m.InternalPort
        && PoolTable.KeyOf(found) == key
            ? found
            : null;

    /// <summary>The one that has a record's external endpoint, or null.</summary>
    internal StaticMapping? Outside(in MappingRecord m) =>
        NatProtocol.HasPorts(m.Protocol)
            ? _outside.GetValueOrDefault((m.ExternalAddress, m.ExternalPort, m.Protocol))
            : null;

    /// <summary>
    /// The one that has a record's internal endpoint, or null; mappings that stand for one remote alone may stay.
    /// </summary>
    internal StaticMapping? Inside(in MappingRecord m, in SubscriberKey key) =>
        m is { State: MappingState.Dynamic, Aux: not 0 }
            ? null
            : _inside.GetValueOrDefault((key, m.InternalAddress, m.InternalPort, m.Protocol));
}
