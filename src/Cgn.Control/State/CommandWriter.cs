using System;
using System.IO;
using System.Threading;

using Cgn.Contract.Commands;
using Cgn.Contract.Process;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;

namespace Cgn.Control.State;

/// <summary>Asks the shards of a running gateway to do something, through their command rings.</summary>
public static class CommandWriter
{
    private const int PollMs = 5;

    /// <summary>Writes a command for every shard and waits until all have carried it out.</summary>
    /// <param name="directory">The gateway's state directory.</param>
    /// <param name="command">What is to be done.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>False when they were not done in time; they go on.</returns>
    /// <exception cref="StateException">There is no running gateway, or its state can't be written.</exception>
    public static bool Send(StateDirectory directory, in ForwarderCommand command, TimeSpan patience)
    {
        int shards;
        using (StateView view = StateView.Open(directory))
        {
            shards = view.Status.ShardCount;
            if (view.Status.State != ForwarderState.Ready || !Directory.Exists($"/proc/{view.Status.ProcessId}"))
                throw new StateException($"{directory.Path}: the forwarder does not run; 'cgn run' starts it");
        }

        try
        {
            // One writer at a time: the lock makes the rings' single producer of whoever holds it.
            using var gate = new FileStream(
                directory.CommandLockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return Send(directory, shards, command, Environment.TickCount64 + (long)patience.TotalMilliseconds);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{directory.Path}: the gateway can't be commanded: {error.Message}", error);
        }
    }

    private static bool Send(StateDirectory directory, int shards, in ForwarderCommand command, long deadline)
    {
        bool isDone = true;
        var regions = new NativeRegion[shards];
        var rings = new SpscRing<ForwarderCommand>[shards];
        try
        {
            for (int shard = 0; shard < shards; shard++)
            {
                regions[shard] = NativeRegion.File(
                    directory.SectionFile(SectionNames.Commands(shard)),
                    SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity));
                rings[shard] = new SpscRing<ForwarderCommand>(
                    new ArenaSection(regions[shard].Address, regions[shard].Bytes, WasThere: true),
                    ForwarderCommand.RingCapacity);
                isDone &= rings[shard].TryWrite(command);
            }

            foreach (SpscRing<ForwarderCommand> ring in rings)
            {
                while (ring.Depth != 0 && Environment.TickCount64 < deadline)
                    Thread.Sleep(PollMs);
                isDone &= ring.Depth == 0;
            }

            return isDone;
        }
        finally
        {
            foreach (NativeRegion region in regions)
                region?.Dispose();
        }
    }
}
