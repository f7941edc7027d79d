using System.Threading;

namespace Cgn.Control.Hosting.Events;

/// <summary>What a sink has done.</summary>
public sealed class SinkStatistics
{
    private long _written;
    private long _lost;
    private volatile bool _fails;

    /// <summary>Records written.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Records that could not be written and were given up (logging.on-overflow: drop).</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>The last attempt to write succeeded, or there was none yet.</summary>
    public bool CanWrite
    {
        get => !_fails;
        internal set => _fails = !value;
    }

    internal void CountWritten(int records) => Interlocked.Add(ref _written, records);

    internal void CountLost(int records) => Interlocked.Add(ref _lost, records);
}
