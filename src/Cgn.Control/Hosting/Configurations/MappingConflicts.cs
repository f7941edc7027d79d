using System.Collections.Generic;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>Which endpoints static mappings have, to find two that want the same.</summary>
internal sealed class MappingConflicts
{
    private readonly Dictionary<(byte, uint, ushort), StaticMappingSection> _externals = [];
    private readonly Dictionary<(ulong, ulong, byte, uint, ushort), StaticMappingSection> _internals = [];

    /// <summary>Begins with those of a configuration, which has been checked.</summary>
    public MappingConflicts(GatewayOptions options)
    {
        foreach (StaticMappingSection configured in options.NatPolicy.StaticMappings)
            Claim(options, configured);
    }

    /// <summary>Gives a mapping its endpoints, or says who has one of them.</summary>
    public string? Claim(GatewayOptions options, StaticMappingSection entry)
    {
        StaticMapping m = SnapshotCompiler.Mapping(options, entry);
        (byte, uint, ushort) external = (m.Protocol, m.ExternalAddress, m.ExternalPort);
        (ulong, ulong, byte, uint, ushort) inside =
            (m.SubscriberHigh, m.SubscriberLow, m.Protocol, m.InternalAddress, m.InternalPort);
        if (_externals.TryGetValue(external, out StaticMappingSection? owner))
        {
            return $"external {entry.External} is given away to {owner.Internal} of {owner.Subscriber} already; "
                + "another port would be free";
        }

        if (_internals.TryGetValue(inside, out owner))
        {
            return $"internal {entry.Internal} of {entry.Subscriber} has the external endpoint {owner.External} "
                + "already; one is right";
        }

        _externals.Add(external, entry);
        _internals.Add(inside, entry);
        return null;
    }
}
