using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting.Diagnostics;

/// <summary>
/// Makes the control plane a bad neighbour on purpose, for measurements: while a file exists, it allocates and has the
/// collector stop all its threads every ten milliseconds, over a heap with much to look at. What forwards must not
/// notice. There only where the environment variable <see cref="Variable"/> names the file.
/// </summary>
/// <param name="file">The file.</param>
internal sealed class ForcedCollections(string file) : BackgroundService
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "CGN_DIAGNOSTIC_COLLECTIONS";

    private const int LiveObjects = 200_000;
    private const int ObjectBytes = 64;
    private const int GarbageObjects = 20_000;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    private long _collections;

    /// <summary>Collections that it has forced.</summary>
    public long Collections => Interlocked.Read(ref _collections);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<byte[]> live = [];
        using var timer = new PeriodicTimer(s_interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                if (!File.Exists(file))
                {
                    live = [];
                    continue;
                }

                for (int i = 0; i < GarbageObjects || live.Count < LiveObjects; i++)
                {
                    byte[] made = new byte[ObjectBytes];
                    if (live.Count < LiveObjects)
                        live.Add(made);
                    else
                        live[i % LiveObjects] = made;
                }

                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                Interlocked.Increment(ref _collections);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway ends.
        }
    }
}
