using Cgn.Contract.Events;
using Cgn.Contract.Settings;

namespace Cgn.Control.Hosting.Events;

/// <summary>What the operator reads when a resource is used beyond its threshold.</summary>
internal static class ThresholdText
{
    /// <summary>One line.</summary>
    /// <param name="told">An event of a threshold.</param>
    /// <param name="pools">The snapshot's pools.</param>
    public static string Of(in ForwarderEvent told, PoolSettings[] pools)
    {
        string pool = told.Resource == WatchedResource.PortBlocks && told.Pool < pools.Length
            ? $" of pool {pools[told.Pool].Name}"
            : "";
        ulong percent = told.Capacity == 0 ? 100 : told.Level * 100UL / told.Capacity;
        return $"shard {told.Shard} has {percent} % of its {Name(told.Resource)}{pool} in use: "
            + $"{told.Level} of {told.Capacity}";
    }

    /// <summary>The name of a resource in logs and metrics.</summary>
    public static string Name(WatchedResource resource) => resource switch
    {
        WatchedResource.Subscribers => "subscribers",
        WatchedResource.Mappings => "mappings",
        WatchedResource.Sessions => "sessions",
        WatchedResource.PortBlocks => "port blocks",
        WatchedResource.Reassembly => "reassembly",
        WatchedResource.Fragments => "fragments",
        _ => "resources",
    };
}
