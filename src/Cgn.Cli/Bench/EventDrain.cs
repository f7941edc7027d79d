using System;
using System.Threading;

using Cgn.Contract.Events;
using Cgn.Memory.Rings;

namespace Cgn.Cli.Bench;

/// <summary>
/// Reads the events of all shards as the control plane would, on a thread of its own, and counts them. It sleeps longer
/// and longer while there are none: where every processor has a worker, it takes time from one.
/// </summary>
internal sealed class EventDrain : IDisposable
{
    private const int BatchEvents = 1024;
    private const int PauseMinMs = 1;

    // Nothing is lost as long as a ring of 65,536 events does not fill meanwhile: three million a second.
    private const int PauseMaxMs = 20;

    private readonly SpscRing<ForwarderEvent>[] _rings;
    private readonly ForwarderEvent[] _batch = new ForwarderEvent[BatchEvents];
    private readonly Thread _thread;
    private volatile bool _stop;
    private long _count;

    /// <summary>Starts reading.</summary>
    public EventDrain(SpscRing<ForwarderEvent>[] rings)
    {
        _rings = rings;
        _thread = new Thread(Main) { Name = "events", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Events read so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Main()
    {
        int pauseMs = PauseMinMs;
        while (!_stop)
        {
            int read = 0;
            foreach (SpscRing<ForwarderEvent> ring in _rings)
                read += ring.Read(_batch);
            Volatile.Write(ref _count, _count + read);
            if (read != 0)
            {
                pauseMs = PauseMinMs;
                continue;
            }

            Thread.Sleep(pauseMs);
            pauseMs = Math.Min(PauseMaxMs, pauseMs * 2);
        }
    }
}
