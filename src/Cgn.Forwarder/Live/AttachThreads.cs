using System;
using System.Runtime.ExceptionServices;
using System.Threading;

using Cgn.Contract;
using Cgn.Forwarder.Workers;

namespace Cgn.Forwarder.Live;

/// <summary>Attaches all shards to what lies in the arena, each on a thread of its own, while the caller does
/// something else.</summary>
internal sealed class AttachThreads : IDisposable
{
    private readonly Thread[] _threads;
    private Exception? _failure;

    /// <summary>Begins.</summary>
    public AttachThreads(ShardFactory factory, int shards)
    {
        WorkerTime now = new WorkerClock().Now();
        _threads = new Thread[shards];
        for (int i = 0; i < shards; i++)
        {
            int shard = i;
            _threads[i] = new Thread(() => Attach(factory, shard, now)) { IsBackground = true, Name = $"attach{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Waits for all of them.</summary>
    /// <exception cref="System.IO.IOException">State or memory can't be had.</exception>
    public void Join()
    {
        Dispose();
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }

    /// <summary>Waits until none touches the arena any more.</summary>
    public void Dispose()
    {
        foreach (Thread thread in _threads)
            thread.Join();
    }

    // Whatever it is, it is thrown on the thread that waits.
    private void Attach(ShardFactory factory, int shard, WorkerTime now)
    {
        try
        {
            factory.Attach(shard, now);
        }
        catch (Exception error)
        {
            _failure ??= error;
        }
    }
}
