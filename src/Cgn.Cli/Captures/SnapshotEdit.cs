using Cgn.Contract.Settings;

namespace Cgn.Cli.Captures;

/// <summary>Changes to a snapshot, which itself never changes.</summary>
internal static class SnapshotEdit
{
    /// <summary>The same with other settings.</summary>
    internal static ConfigSnapshot With(ConfigSnapshot snapshot, GatewaySettings settings) =>
        snapshot with { Settings = settings };
}
