using Cgn.Contract.Settings;

namespace Cgn.Cli.Captures;

/// <summary>Changes to a snapshot, which itself never changes.</summary>
internal static class SnapshotEdit
{
    /// <summary>The same with other settings.</summary>
    internal static ConfigSnapshot With(ConfigSnapshot snapshot, GatewaySettings settings) => new()
    {
        Generation = snapshot.Generation,
        Settings = settings,
        AftrAddresses = snapshot.AftrAddresses,
        SoftwireSources = snapshot.SoftwireSources,
        InnerSources = snapshot.InnerSources,
        Nat444Sources = snapshot.Nat444Sources,
        Pools = snapshot.Pools,
        Plans = snapshot.Plans,
        StaticSubscribers = snapshot.StaticSubscribers,
        StaticMappings = snapshot.StaticMappings,
    };
}
