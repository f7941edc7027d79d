using System.Threading;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>What metrics tell of the forwarder process.</summary>
public sealed class ForwarderStatistics
{
    private long _restarts;
    private volatile bool _isReady;

    /// <summary>Times that the forwarder died and was started again.</summary>
    public long Restarts => Interlocked.Read(ref _restarts);

    /// <summary>
    /// Times that the control plane of this state directory died, rather than ended, and was started again.
    /// </summary>
    public long ControlRestarts { get; internal set; }

    /// <summary>A forwarder is there and forwards.</summary>
    public bool IsReady
    {
        get => _isReady;
        internal set => _isReady = value;
    }

    internal void CountRestart() => Interlocked.Increment(ref _restarts);
}
