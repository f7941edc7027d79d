using System;
using System.Threading;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Pipeline;

namespace Cgn.Cli.Bench;

/// <summary>
/// Reads what the metrics service reads at every scrape, on a thread of its own: all counters, drops and latencies of
/// all shards, the fill of their event rings, and how far pools are used. It allocates nothing, so whatever is
/// allocated while it runs, and whatever is collected, is somebody else's.
/// </summary>
internal sealed class StateScraper : IDisposable
{
    private const int EveryMs = 100;

    private readonly GatewayState[] _states;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private long _scrapes;
    private long _sum;

    /// <summary>Starts reading.</summary>
    public StateScraper(BenchGateway gateway)
    {
        _states = [.. gateway.States];
        _thread = new Thread(Main) { Name = "scraper", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Times that everything was read.</summary>
    public long Scrapes => Volatile.Read(ref _scrapes);

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Main()
    {
        while (!_stop.Wait(EveryMs))
        {
            long sum = 0;
            foreach (GatewayState state in _states)
                sum += Counters(state.Counters) + state.Events.Depth + BlocksGiven(state.Nat.Board);
            // Kept, so that no reading can be left out for want of use.
            Volatile.Write(ref _sum, sum);
            Volatile.Write(ref _scrapes, _scrapes + 1);
        }
    }

    private static long Counters(CounterBlock counters)
    {
        long sum = 0;
        for (CounterId id = 0; id < CounterId.Count; id++)
            sum += Volatile.Read(ref counters[id]);
        for (int reason = 0; reason < CounterBlock.DropPlaces; reason++)
            sum += Volatile.Read(ref counters[(DropReason)reason]);
        for (int bucket = 0; bucket < CounterBlock.LatencyBuckets; bucket++)
            sum += Volatile.Read(ref counters.Latency(bucket));
        return sum;
    }

    private static long BlocksGiven(PoolBoard board)
    {
        long given = board[0, PoolCount.BlocksUsed];
        foreach (long word in board.Addresses)
            given += word;
        return given;
    }
}
