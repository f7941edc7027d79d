using System;
using System.Collections.Generic;
using System.IO;

using Cgn.Contract.Commands;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;

namespace Cgn.Control.Policy;

/// <summary>
/// What the control plane steers a forwarder by: the shards' command rings, kept mapped, and the granted policies.
/// </summary>
internal sealed class CommandChannel : IDisposable
{
    private readonly string _lockFile;
    private readonly List<NativeRegion> _regions = [];
    private readonly ArenaSection[] _rings;

    private CommandChannel(StateDirectory directory, int shards)
    {
        _lockFile = directory.CommandLockFile;
        _rings = new ArenaSection[shards];
        for (int shard = 0; shard < shards; shard++)
        {
            _rings[shard] = Map(
                directory.SectionFile(SectionNames.Commands(shard)),
                SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity));
        }

        Policies = new PolicyTable(Map(directory.SectionFile(SectionNames.Policies), PolicyTable.SizeBytes));
    }

    /// <summary>The granted policies.</summary>
    public PolicyTable Policies { get; }

    /// <summary>Shards.</summary>
    public int Shards => _rings.Length;

    /// <summary>Maps the sections of a forwarder that has been ready once.</summary>
    /// <param name="directory">Its state directory.</param>
    /// <param name="shards">Its shards.</param>
    /// <returns>Null where it takes no commands.</returns>
    /// <exception cref="IOException">The sections can't be mapped.</exception>
    public static CommandChannel? Open(StateDirectory directory, int shards) =>
        File.Exists(directory.SectionFile(SectionNames.Policies)) ? new CommandChannel(directory, shards) : null;

    /// <summary>
    /// Moves commands into the rings as far as there is room, all of them under one hold of the lock that makes us the
    /// rings' only writer.
    /// </summary>
    /// <param name="waiting">What waits, by shard; what was written has left it.</param>
    /// <returns>How many were written; 0 while somebody else writes.</returns>
    public int Write(IReadOnlyList<Queue<ForwarderCommand>> waiting)
    {
        FileStream gate;
        try
        {
            gate = new FileStream(_lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }

        int written = 0;
        using (gate)
        {
            for (int shard = 0; shard < Math.Min(waiting.Count, _rings.Length); shard++)
                written += Write(_rings[shard], waiting[shard]);
        }

        return written;
    }

    /// <summary>Copies what a shard has not carried out yet.</summary>
    public List<ForwarderCommand> Waiting(int shard)
    {
        var entries = new ForwarderCommand[ForwarderCommand.RingCapacity];
        return [.. entries.AsSpan(0, Ring(_rings[shard]).Peek(entries))];
    }

    /// <summary>Unmaps everything.</summary>
    public void Dispose()
    {
        foreach (NativeRegion region in _regions)
            region.Dispose();
        _regions.Clear();
    }

    // Another process may have written since we did last: the producer's position is read anew each time.
    private static SpscRing<ForwarderCommand> Ring(ArenaSection section) =>
        new(section, ForwarderCommand.RingCapacity);

    private static int Write(ArenaSection section, Queue<ForwarderCommand> waiting)
    {
        if (waiting.Count == 0)
            return 0;
        SpscRing<ForwarderCommand> ring = Ring(section);
        int written = 0;
        for (; waiting.TryPeek(out ForwarderCommand command) && ring.TryStage(command); written++)
            waiting.Dequeue();
        ring.Publish();
        return written;
    }

    private ArenaSection Map(string file, nuint bytes)
    {
        NativeRegion region = NativeRegion.File(file, bytes);
        _regions.Add(region);
        return new ArenaSection(region.Address, region.Bytes, WasThere: true);
    }
}
