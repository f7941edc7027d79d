using System;
using System.IO;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration.History;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Forwarders;

namespace Cgn.Control.Hosting;

/// <summary>What the services of the control plane are made for.</summary>
/// <param name="Options">The configuration as written.</param>
/// <param name="Snapshot">What the forwarder follows.</param>
/// <param name="Directory">Where the state of both processes lies.</param>
/// <param name="Forwarder">How the forwarder is started.</param>
public sealed record ControlSettings(
    GatewayOptions Options, ConfigSnapshot Snapshot, StateDirectory Directory, ForwarderCommand Forwarder)
{
    /// <summary>
    /// The file that the configuration came from, read again on SIGHUP; null where it came from none.
    /// </summary>
    public string? ConfigFile { get; init; }

    /// <summary>The text that it was read from; null where it came from none.</summary>
    public string? ConfigText { get; init; }

    /// <summary>The service manager starts the forwarder, and not the control plane.</summary>
    public bool IsForwarderExternal { get; init; }

    /// <summary>A second forwarder is kept that stands by for the death of the first.</summary>
    public bool KeepsStandby { get; init; }

    /// <summary>How long the forwarder may take to take another configuration.</summary>
    public TimeSpan TakePatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a forwarder that we started may show no sign of life before it is killed for another to take its place.
    /// </summary>
    public TimeSpan HangPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The configurations that were in force.</summary>
    public ConfigHistory History => HistoryOf(Options);

    /// <summary>Whether the state that is found is thrown away, and the forwarder that has it ended.</summary>
    public bool DiscardsState { get; init; }

    /// <summary>The settings of a configuration, with the forwarder beside this program.</summary>
    /// <param name="options">The configuration as written.</param>
    /// <param name="snapshot">What the forwarder follows.</param>
    /// <exception cref="SystemRefusedException">The forwarder is not installed.</exception>
    public static ControlSettings For(GatewayOptions options, ConfigSnapshot snapshot)
    {
        StateDirectory directory = StateDirectoryOf(options);
        return new ControlSettings(options, snapshot, directory, ForwarderCommand.Installed(directory))
        {
            KeepsStandby = options.Gateway.Standby,
        };
    }

    /// <summary>The state directory of a configuration: the one it names, or one below /dev/shm.</summary>
    /// <param name="options">The configuration as written.</param>
    public static StateDirectory StateDirectoryOf(GatewayOptions options) =>
        new(options.Gateway.StateDirectory ?? $"/dev/shm/cgn/{options.Gateway.Name}");

    /// <summary>The history of a configuration: the directory it names, or one in the state directory.</summary>
    /// <param name="options">The configuration as written.</param>
    public static ConfigHistory HistoryOf(GatewayOptions options) => new(
        options.Gateway.HistoryDirectory ?? Path.Combine(StateDirectoryOf(options).Path, "history"),
        options.Gateway.HistoryLimit);
}
