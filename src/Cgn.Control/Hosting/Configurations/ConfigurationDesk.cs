using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.History;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.State;
using Cgn.Control.Trace;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Takes another configuration to the running forwarder: whole, or not at all. What was in force stays in force until
/// the forwarder says that it has the new one, and is put back when it can't take it.
/// </summary>
public sealed class ConfigurationDesk : IDisposable
{
    private static readonly TimeSpan s_backPatience = TimeSpan.FromSeconds(5);

    private readonly ControlSettings _settings;
    private readonly GatewayAttachment _attachment;
    private readonly RuntimeMappings? _mappings;
    private readonly BlockLog? _blockLog;
    private readonly EpochRecorder _epochs;
    private readonly SemaphoreSlim _gate = new(1);

    internal ConfigurationDesk(
        ControlSettings settings, GatewayAttachment attachment, IEnumerable<IEventSink> sinks,
        RuntimeMappings? mappings = null)
    {
        _mappings = mappings;
        _settings = settings;
        _attachment = attachment;
        _epochs = new EpochRecorder(EpochFile.Of(settings.Options.Logging.BlockLog, settings.Directory));
        foreach (IEventSink sink in sinks)
            _blockLog ??= sink as BlockLog;
        Options = settings.Options;
        Snapshot = settings.Snapshot;
        Text = settings.ConfigText;
        History = settings.History;
    }

    /// <summary>The configuration in force, as written.</summary>
    public GatewayOptions Options { get; private set; }

    /// <summary>The configuration in force, as the forwarder has it but for generation and seed.</summary>
    public ConfigSnapshot Snapshot { get; private set; }

    /// <summary>The text of the configuration in force; null where it came from none.</summary>
    public string? Text { get; private set; }

    /// <summary>The configurations that were in force.</summary>
    public ConfigHistory History { get; }

    /// <summary>
    /// Leaves the configuration that the control plane was started with for the forwarder; <see cref="BeginEpoch"/>
    /// comes when it is in force.
    /// </summary>
    /// <returns>Its generation.</returns>
    /// <exception cref="SystemRefusedException">It can't be written, or could not be kept.</exception>
    internal uint Begin()
    {
        uint taken = 0;
        string unkept = $"can't be kept in gateway.history-directory {History.Directory}";
        Must(History.Open, unkept, History.Directory);
        Must(() => taken = History.LastOfOthers(Text), unkept, History.Directory);
        SnapshotKeeper.Write(_settings.Directory, _settings.Snapshot, _settings.Options.Gateway.Seed is null, taken);
        Snapshot = SnapshotFile.Read(_settings.Directory.SnapshotFile);
        return Snapshot.Generation;
    }

    /// <summary>
    /// Records that the configuration that the control plane was started with is in force, and keeps it.
    /// </summary>
    /// <param name="from">Since when.</param>
    /// <exception cref="SystemRefusedException">It can't be written.</exception>
    internal void BeginEpoch(DateTimeOffset from)
    {
        // Without it nobody could say later whose a port was (cgn trace).
        Must(
            () => Record(Snapshot, from),
            $"can't be recorded in {_epochs.Path}, by which 'cgn trace' answers the authorities",
            Path.GetDirectoryName(Path.GetFullPath(_epochs.Path))!);
        if (Text is not null)
        {
            string kept = $"can't be kept in gateway.history-directory {History.Directory}";
            Must(() => Keep(Text, "start"), kept, History.Directory);
        }
    }

    private static void Must(Action write, string failure, string directory)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException(
                $"the configuration {failure}: {error.Message}; "
                + DiskFull.Advice(error, directory, "the gateway's user must be able to write there"), error);
        }
    }

    /// <summary>Generation of the snapshot that lies in the state directory.</summary>
    /// <exception cref="IOException">There is none.</exception>
    internal uint GenerationOnDisk()
    {
        try
        {
            return SnapshotFile.Read(_settings.Directory.SnapshotFile).Generation;
        }
        catch (SnapshotException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    /// <summary>
    /// Applies a configuration, whole or not at all: checks it, takes it to the running forwarder, and keeps it in the
    /// history. The one way by which a running gateway gets another configuration.
    /// </summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="origin">What brought it, for the history: SIGHUP, API, a rollback.</param>
    /// <param name="cancellation">Gives up waiting; what has been handed over stays so.</param>
    /// <param name="store">Once it is in force, the configuration file gets the text too.</param>
    public async Task<ApplyResult> ApplyTextAsync(
        string yaml, string origin, CancellationToken cancellation, bool store = false)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            bool isUsable = ConfigLoader.TryParse(
                _settings.ConfigFile ?? "configuration", yaml, out ConfigSnapshot? snapshot,
                out GatewayOptions? options, out FaultList faults);
            if (options is { Interfaces: null })
            {
                faults.Error(
                    options.Place,
                    "there is no section interfaces; a gateway that runs needs the inside and outside devices");
            }

            IReadOnlyList<string> obstacles = !isUsable || faults.HasErrors ? ["there are errors in it"]
                : await ApplyAsync(options!, snapshot!, yaml, cancellation).ConfigureAwait(false);
            List<string> notes = [];
            bool isStored = obstacles.Count == 0 && After(yaml, origin, store, notes);
            var result = new ApplyResult(faults, obstacles, Snapshot.Generation, notes) { IsStored = isStored };
            Try(() => ReloadReport.Write(_settings.Directory, yaml, origin, result), "the reload can't be answered",
                notes);
            return result;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Applies the configuration in force once more, since static mappings made at run time have changed.
    /// </summary>
    /// <param name="cancellation">Gives up waiting; what has been handed over stays so.</param>
    /// <returns>Why not, a sentence each; empty when it is in force.</returns>
    public async Task<IReadOnlyList<string>> RefreshAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await ApplyAsync(
                Options, SnapshotCompiler.Compile(Options, Environment.ProcessorCount), Text, cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IReadOnlyList<string>> ApplyAsync(
        GatewayOptions options, ConfigSnapshot wanted, string? text, CancellationToken cancellation)
    {
        try
        {
            uint taken = History.LastOfOthers(text);
            wanted = _mappings?.Into(options, wanted) ?? wanted;
            ConfigSnapshot before = SnapshotFile.Read(_settings.Directory.SnapshotFile);
            if (taken < before.Generation
                && SnapshotKeeper.IsSame(before, wanted, keepSeed: options.Gateway.Seed is null)
                && OptionsChange.Obstacles(Options, options).Count == 0)
            {
                Options = options;
                return [];
            }

            wanted = Numbered(wanted, before, taken, keepSeed: options.Gateway.Seed is null);
            List<string> obstacles =
                [.. SnapshotChange.Obstacles(before, wanted), .. OptionsChange.Obstacles(Options, options)];
            if (obstacles.Count != 0)
                return obstacles;
            History.Open();
            Record(wanted);
            SnapshotFile.Write(_settings.Directory.SnapshotFile, wanted);
            if (!await SnapshotHandover.TakesAsync(
                _settings.Directory, wanted.Generation, _settings.TakePatience, cancellation).ConfigureAwait(false))
            {
                SnapshotFile.Write(_settings.Directory.SnapshotFile, before);
                Record(before);
                // One that was started in the meantime may have found the other.
                await SnapshotHandover.TakesAsync(_settings.Directory, before.Generation, s_backPatience, cancellation)
                    .ConfigureAwait(false);
                return ["the forwarder did not take it; what it says stands above"];
            }

            (Options, Snapshot) = (options, wanted);
            _attachment.Attach(_settings.Directory);
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SnapshotException
            or StateException)
        {
            return [error.Message];
        }
    }

    private bool After(string yaml, string origin, bool store, List<string> notes)
    {
        Try(() => Keep(yaml, origin), "the configuration is in force, but can't be kept in the history", notes);
        bool isStored = store && _settings.ConfigFile is { } path
            && Try(() => AtomicFile.Write(path, yaml),
                $"the configuration is in force until the next start only: {path} can't be written", notes);
        if (_mappings?.Unfit(Options) is > 0 and int unfit)
        {
            notes.Add($"{unfit} static mappings of the API's or of RADIUS sessions don't fit the configuration and are "
                + "out of force; GET /api/v1/static-mappings says why");
        }

        return isStored;
    }

    private void Keep(string yaml, string origin)
    {
        Text = yaml;
        AtomicFile.Write(_settings.Directory.ConfigurationFile, yaml);
        History.Add(yaml, origin, Snapshot.Name, Snapshot.Generation, DateTimeOffset.UtcNow);
    }

    private static bool Try(Action write, string failure, List<string> notes)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            notes.Add($"{failure}: {error.Message}");
            return false;
        }
    }

    /// <summary>Records that a configuration is in force from now on: on the disk, and in the block log.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Record(ConfigSnapshot snapshot) => Record(snapshot, DateTimeOffset.UtcNow);

    /// <summary>Records that a configuration is in force since a time: on the disk, and in the block log.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Record(ConfigSnapshot snapshot, DateTimeOffset from)
    {
        Epoch epoch = _epochs.Append(snapshot, from);
        _blockLog?.Announce(epoch.ToLine());
    }

    /// <summary>Repeats the epoch in force in the block log (RFC 7422 section 3: once a day).</summary>
    public void Repeat(DateTimeOffset now) => _blockLog?.Announce(Epoch.Of(Snapshot, now).ToLine());

    /// <summary>Ends it.</summary>
    public void Dispose() => _gate.Dispose();

    private ConfigSnapshot Numbered(ConfigSnapshot wanted, ConfigSnapshot before, uint taken, bool keepSeed)
    {
        GatewaySettings settings = wanted.Settings;
        if (keepSeed)
            settings.Seed = before.Settings.Seed;
        // One that was refused before must not be taken for this one.
        if (StatusFile.TryRead(_settings.Directory, out StatusPage page))
            taken = Math.Max(taken, page.RefusedGeneration);
        return wanted with { Settings = settings, Generation = Math.Max(before.Generation, taken) + 1 };
    }
}
