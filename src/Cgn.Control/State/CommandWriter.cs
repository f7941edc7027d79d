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
            }

            var ends = new long[shards];
            // One writer at a time: the lock makes the rings' single producer of whoever holds it.
            using (FileStream gate = Lock(directory, deadline))
            {
                for (int shard = 0; shard < shards; shard++)
                {
                    // Laid over it under the lock, so that it knows what others have written.
                    rings[shard] = new SpscRing<ForwarderCommand>(
                        new ArenaSection(regions[shard].Address, regions[shard].Bytes, WasThere: true),
                        ForwarderCommand.RingCapacity);
                    while (!rings[shard].TryWrite(command))
                    {
                        if (Environment.TickCount64 >= deadline)
                            return false;
                        Thread.Sleep(PollMs);
                    }

                    ends[shard] = rings[shard].Produced;
                }
            }

            for (int shard = 0; shard < shards; shard++)
            {
                while (rings[shard].Consumed < ends[shard] && Environment.TickCount64 < deadline)
                    Thread.Sleep(PollMs);
                isDone &= rings[shard].Consumed >= ends[shard];
            }

            return isDone;
        }
        finally
        {
            foreach (NativeRegion region in regions)
                region?.Dispose();
        }
    }

    // The control plane writes, too, many at a time and for a moment each time.
    private static FileStream Lock(StateDirectory directory, long deadline)
    {
        while (true)
        {
            try
            {
                return new FileStream(
                    directory.CommandLockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                Thread.Sleep(PollMs);
            }
        }
    }
}
