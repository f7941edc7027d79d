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
/// forwarder has become ready; nobody keeps a reference across calls. Who reads holds nobody up: what has been replaced
/// is unmapped when the last reader of it is done.
/// </summary>
public sealed class GatewayAttachment : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Lock _steering = new();
    private Attached? _attached;

    /// <summary>Attaches to a ready forwarder, in place of the one before.</summary>
    /// <param name="directory">Its state directory.</param>
    /// <exception cref="StateException">The state can't be read.</exception>
    public void Attach(StateDirectory directory)
    {
        Replace(new Attached(directory));
        Attachments++;
    }

    /// <summary>Reads the state; nothing happens, and the default comes back, while there is none.</summary>
    /// <param name="read">What to read; the view ends with the call.</param>
    public T? Read<T>(Func<StateView, T> read)
    {
        if (Enter() is not { } attached)
            return default;
        try
        {
            return read(attached.View);
        }
        finally
        {
            attached.Leave();
        }
    }

    /// <summary>
    /// Steers the forwarder; nothing happens, and the default comes back, while there is none that can be steered.
    /// </summary>
    /// <param name="steer">What to do; the view and the channel end with the call.</param>
    internal T? Steer<T>(Func<StateView, CommandChannel, T> steer)
    {
        if (Enter() is not { } attached)
            return default;
        try
        {
            lock (_steering)
                return attached.Channel is null ? default : steer(attached.View, attached.Channel);
        }
        finally
        {
            attached.Leave();
        }
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
        if (Enter() is not { } attached)
            return 0;
        int count = shard < attached.Rings.Length ? attached.Rings[shard].Peek(events) : 0;
        attached.Leave();
        return count;
    }

    /// <summary>
    /// Gives back the places of a shard's oldest events: they are recorded. The thread that peeked, only.
    /// </summary>
    /// <param name="shard">Number of the shard.</param>
    /// <param name="count">How many.</param>
    public void ReleaseEvents(int shard, int count)
    {
        if (Enter() is not { } attached)
            return;
        if (shard < attached.Rings.Length)
            attached.Rings[shard].Release(count);
        attached.Leave();
    }

    /// <summary>Shards that have a ring.</summary>
    public int RingCount
    {
        get
        {
            if (Enter() is not { } attached)
                return 0;
            int count = attached.Rings.Length;
            attached.Leave();
            return count;
        }
    }

    /// <summary>Unmaps everything.</summary>
    public void Dispose() => Replace(null);

    private void Replace(Attached? next)
    {
        Attached? before;
        lock (_gate)
        {
            before = _attached;
            _attached = next;
        }

        before?.Leave();
    }

    // Only counting is done under the lock, so that it is never held for long.
    private Attached? Enter()
    {
        lock (_gate)
        {
            _attached?.Enter();
            return _attached;
        }
    }

    /// <summary>One forwarder's state, mapped for as long as it is attached to or somebody reads it.</summary>
    private sealed class Attached
    {
        private readonly NativeRegion[] _regions;
        private int _users = 1;

        public Attached(StateDirectory directory)
        {
            View = StateView.Open(directory);
            int capacity = View.Status.EventRingCapacity;
            _regions = new NativeRegion[capacity == 0 ? 0 : View.Status.ShardCount];
            Rings = new SpscRing<ForwarderEvent>[_regions.Length];
            for (int shard = 0; shard < Rings.Length; shard++)
            {
                // To consume is to write the consumer's position, so this mapping is not read-only.
                string file = directory.SectionFile(SectionNames.Events(shard));
                _regions[shard] = NativeRegion.File(file, SpscRing<ForwarderEvent>.BytesFor(capacity));
                Rings[shard] = new SpscRing<ForwarderEvent>(
                    new ArenaSection(_regions[shard].Address, _regions[shard].Bytes, WasThere: true), capacity);
            }

            Channel = CommandChannel.Open(directory, View.Status.ShardCount);
        }

        public StateView View { get; }

        public SpscRing<ForwarderEvent>[] Rings { get; }

        public CommandChannel? Channel { get; }

        public void Enter() => Interlocked.Increment(ref _users);

        public void Leave()
        {
            if (Interlocked.Decrement(ref _users) != 0)
                return;
            View.Dispose();
            Channel?.Dispose();
            foreach (NativeRegion region in _regions)
                region.Dispose();
        }
    }
}
