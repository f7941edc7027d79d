using System;
using System.Threading;

using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Control.Policy;
using Cgn.Control.State;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;

namespace Cgn.Control.Hosting;

/// <summary>
/// The control plane's hold on the arena: what it reads, and the event rings that it consumes from. Replaced whenever a
/// forwarder has become ready; nobody keeps a reference across calls, since replaced memory is unmapped.
/// </summary>
public sealed class GatewayAttachment : IDisposable
{
    private readonly Lock _gate = new();
    private StateView? _view;
    private NativeRegion[] _regions = [];
    private SpscRing<ForwarderEvent>[] _rings = [];
    private CommandChannel? _channel;

    /// <summary>Attaches to a ready forwarder, in place of the one before.</summary>
    /// <param name="directory">Its state directory.</param>
    /// <exception cref="StateException">The state can't be read.</exception>
    public void Attach(StateDirectory directory)
    {
        StateView view = StateView.Open(directory);
        int capacity = view.Status.EventRingCapacity;
        var regions = new NativeRegion[capacity == 0 ? 0 : view.Status.ShardCount];
        var rings = new SpscRing<ForwarderEvent>[regions.Length];
        for (int shard = 0; shard < rings.Length; shard++)
        {
            // To consume is to write the consumer's position, so this mapping is not read-only.
            string file = directory.SectionFile(SectionNames.Events(shard));
            regions[shard] = NativeRegion.File(file, SpscRing<ForwarderEvent>.BytesFor(capacity));
            rings[shard] = new SpscRing<ForwarderEvent>(
                new ArenaSection(regions[shard].Address, regions[shard].Bytes, WasThere: true), capacity);
        }

        CommandChannel? channel = CommandChannel.Open(directory, view.Status.ShardCount);
        lock (_gate)
        {
            Release();
            _channel = channel;
            _view = view;
            _regions = regions;
            _rings = rings;
            Attachments++;
        }
    }

    /// <summary>Reads the state; nothing happens, and the default comes back, while there is none.</summary>
    /// <param name="read">What to read; the view ends with the call.</param>
    public T? Read<T>(Func<StateView, T> read)
    {
        lock (_gate)
            return _view is null ? default : read(_view);
    }

    /// <summary>
    /// Steers the forwarder; nothing happens, and the default comes back, while there is none that can be steered.
    /// </summary>
    /// <param name="steer">What to do; the view and the channel end with the call.</param>
    internal T? Steer<T>(Func<StateView, CommandChannel, T> steer)
    {
        lock (_gate)
            return _view is null || _channel is null ? default : steer(_view, _channel);
    }

    /// <summary>Counts up with every forwarder that was attached to.</summary>
    internal int Attachments { get; private set; }

    /// <summary>
    /// Copies a shard's oldest events, which stay in its ring until they are released. One thread only.
    /// </summary>
    /// <param name="shard">Number of the shard.</param>
    /// <param name="events">Where to.</param>
    /// <returns>How many; 0 when there are none or there is no such shard.</returns>
    public int PeekEvents(int shard, Span<ForwarderEvent> events)
    {
        lock (_gate)
            return shard < _rings.Length ? _rings[shard].Peek(events) : 0;
    }

    /// <summary>
    /// Gives back the places of a shard's oldest events: they are recorded. The thread that peeked, only.
    /// </summary>
    /// <param name="shard">Number of the shard.</param>
    /// <param name="count">How many.</param>
    public void ReleaseEvents(int shard, int count)
    {
        lock (_gate)
        {
            if (shard < _rings.Length)
                _rings[shard].Release(count);
        }
    }

    /// <summary>Shards that have a ring.</summary>
    public int RingCount
    {
        get
        {
            lock (_gate)
                return _rings.Length;
        }
    }

    /// <summary>Unmaps everything.</summary>
    public void Dispose()
    {
        lock (_gate)
            Release();
    }

    private void Release()
    {
        _view?.Dispose();
        _view = null;
        _channel?.Dispose();
        _channel = null;
        foreach (NativeRegion region in _regions)
            region.Dispose();
        _regions = [];
        _rings = [];
    }
}
