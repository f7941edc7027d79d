using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
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
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    private readonly ControlSettings _settings;
    private readonly GatewayAttachment _attachment;
    private readonly BlockLog? _blockLog;
    private readonly EpochFile _epochs;
    private readonly SemaphoreSlim _gate = new(1);

    internal ConfigurationDesk(ControlSettings settings, GatewayAttachment attachment, IEnumerable<IEventSink> sinks)
    {
        _settings = settings;
        _attachment = attachment;
        _epochs = EpochFile.Of(settings.Options.Logging.BlockLog, settings.Directory);
        foreach (IEventSink sink in sinks)
            _blockLog ??= sink as BlockLog;
        Options = settings.Options;
        Snapshot = settings.Snapshot;
    }

    /// <summary>The configuration in force, as written.</summary>
    public GatewayOptions Options { get; private set; }

    /// <summary>The configuration in force, as the forwarder has it but for generation and seed.</summary>
    public ConfigSnapshot Snapshot { get; private set; }

    /// <summary>Applies a configuration in which no errors were found.</summary>
    /// <param name="options">As written.</param>
    /// <param name="wanted">Compiled.</param>
    /// <param name="cancellation">Gives up waiting; what has been handed over stays so.</param>
    /// <returns>Why not, a sentence each; empty when it is in force.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(
        GatewayOptions options, ConfigSnapshot wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(wanted);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ConfigSnapshot before = SnapshotFile.Read(_settings.Directory.SnapshotFile);
            if (IsSame(before, wanted, options) && OptionsChange.Obstacles(Options, options).Count == 0)
                return [];
            wanted = Numbered(wanted, before, keepSeed: options.Gateway.Seed is null);
            List<string> obstacles =
                [.. SnapshotChange.Obstacles(before, wanted), .. OptionsChange.Obstacles(Options, options)];
            if (obstacles.Count != 0)
                return obstacles;
            Record(wanted);
            SnapshotFile.Write(_settings.Directory.SnapshotFile, wanted);
            if (!await IsTakenAsync(wanted.Generation, cancellation).ConfigureAwait(false))
            {
                SnapshotFile.Write(_settings.Directory.SnapshotFile, before);
                Record(before);
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
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Records that a configuration is in force from now on: on the disk, and in the block log.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Record(ConfigSnapshot snapshot) => Record(snapshot, DateTimeOffset.UtcNow);

    /// <summary>Records that a configuration is in force since a time: on the disk, and in the block log.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Record(ConfigSnapshot snapshot, DateTimeOffset from)
    {
        Epoch epoch = Epoch.Of(snapshot, from);
        _epochs.Append(epoch);
        _blockLog?.Announce(epoch.ToLine());
    }

    /// <summary>Repeats the epoch in force in the block log (RFC 7422 section 3: once a day).</summary>
    public void Repeat(DateTimeOffset now) => _blockLog?.Announce(Epoch.Of(Snapshot, now).ToLine());

    /// <summary>Ends it.</summary>
    public void Dispose() => _gate.Dispose();

    private static bool IsSame(ConfigSnapshot before, ConfigSnapshot wanted, GatewayOptions options)
    {
        GatewaySettings settings = wanted.Settings;
        if (options.Gateway.Seed is null)
            settings.Seed = before.Settings.Seed;
        wanted = wanted with { Settings = settings, Generation = before.Generation };
        return SnapshotFile.Encode(wanted).AsSpan().SequenceEqual(SnapshotFile.Encode(before));
    }

    private ConfigSnapshot Numbered(ConfigSnapshot wanted, ConfigSnapshot before, bool keepSeed)
    {
        GatewaySettings settings = wanted.Settings;
        if (keepSeed)
            settings.Seed = before.Settings.Seed;
        // One that was refused before must not be taken for this one.
        uint refused = StatusFile.TryRead(_settings.Directory, out StatusPage page) ? page.RefusedGeneration : 0;
        return wanted with { Settings = settings, Generation = Math.Max(before.Generation, refused) + 1 };
    }

    private async Task<bool> IsTakenAsync(uint generation, CancellationToken cancellation)
    {
        long deadline = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        int told = 0;
        while (Environment.TickCount64 < deadline)
        {
            // One that is being started again finds the new file by itself.
            int running = StatusFile.RunningIn(_settings.Directory);
            if (running != told && running != 0)
                Signals.TryHangUp(told = running);
            if (StatusFile.TryRead(_settings.Directory, out StatusPage page))
            {
                if (page.Generation == generation)
                    return true;
                if (page.RefusedGeneration == generation)
                    return false;
            }

            await Task.Delay(s_poll, cancellation).ConfigureAwait(false);
        }

        return false;
    }
}
