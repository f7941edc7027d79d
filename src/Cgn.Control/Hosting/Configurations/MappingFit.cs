using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Pools;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Whether static mappings fit a configuration and each other: who has which endpoint, to find two that want the same.
/// </summary>
internal sealed class MappingFit
{
    private readonly Dictionary<(byte, uint, ushort), StaticMappingSection> _externals = [];
    private readonly Dictionary<(ulong, ulong, byte, uint, ushort), StaticMappingSection> _internals = [];

    /// <summary>Begins with the mappings of a configuration, which has been checked.</summary>
    public MappingFit(GatewayOptions options)
    {
        Options = options;
        Plan = DeterministicChecks.PlanOf(options);
        foreach (StaticMappingSection configured in options.NatPolicy.StaticMappings)
            Take(configured);
    }

    /// <summary>The configuration.</summary>
    public GatewayOptions Options { get; }

    /// <summary>What ports it gives to whom; null where it does not compute them.</summary>
    public PortPlan? Plan { get; }

    /// <summary>Why a mapping does not fit the configuration, whatever other mappings there are; null when it does.
    /// </summary>
    public string? Fault(StaticMappingSection entry)
    {
        var faults = new FaultList("");
        StaticMappingChecks.RunOne(entry, Options, faults);
        if (Plan is not null && !faults.HasErrors)
            DeterministicChecks.Statics(Plan, [entry], faults);
        return faults.Errors.FirstOrDefault()?.Message;
    }

    /// <summary>Gives a mapping that fits the configuration its endpoints, or says who has one of them.</summary>
    public string? Take(StaticMappingSection entry)
    {
        StaticMapping m = SnapshotCompiler.Mapping(Options, entry);
        if (_externals.TryGetValue(External(m), out StaticMappingSection? owner))
        {
            return $"external {entry.External} is given away to {owner.Internal} of {owner.Subscriber} already; "
                + "another port would be free";
        }

        if (_internals.TryGetValue(Internal(m), out owner))
        {
            return $"internal {entry.Internal} of {entry.Subscriber} has the external endpoint {owner.External} "
                + "already; one is right";
        }

        _externals.Add(External(m), entry);
        _internals.Add(Internal(m), entry);
        return null;
    }

    /// <summary>Both: the mapping has its endpoints, or there is a reason why not.</summary>
    public string? Claim(StaticMappingSection entry) => Fault(entry) ?? Take(entry);

    /// <summary>Takes back what a mapping has, if it has it.</summary>
    public void Release(StaticMappingSection entry)
    {
        if (Fault(entry) is not null)
            return;
        StaticMapping m = SnapshotCompiler.Mapping(Options, entry);
        if (!ReferenceEquals(_externals.GetValueOrDefault(External(m)), entry))
            return;
        _externals.Remove(External(m));
        _internals.Remove(Internal(m));
    }

    private static (byte, uint, ushort) External(StaticMapping m) => (m.Protocol, m.ExternalAddress, m.ExternalPort);

    private static (ulong, ulong, byte, uint, ushort) Internal(StaticMapping m) =>
        (m.SubscriberHigh, m.SubscriberLow, m.Protocol, m.InternalAddress, m.InternalPort);
}
