using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Events;
using Cgn.Control.Hosting.Events;

namespace Cgn.Control.Api.Events;

/// <summary>
/// The last events, for everybody who follows them. There is one ring, and each follower has but a number in it:
/// whoever is slow holds up nobody, takes no memory, and can be told how many went by without him.
/// </summary>
internal sealed class EventStream(int capacity) : IEventObserver
{
    /// <summary>Events that are kept: some seconds of a busy gateway.</summary>
    public const int DefaultCapacity = 16 * 1024;

    private readonly ForwarderEvent[] _ring = new ForwarderEvent[capacity];
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    public EventStream()
        : this(DefaultCapacity)
    {
    }

    /// <summary>Number of the last event; the first is 1.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<ForwarderEvent> events)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            foreach (ref readonly ForwarderEvent told in events)
                _ring[++_last % capacity] = told;
            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
    }

    /// <summary>Takes events that came after a number.</summary>
    /// <param name="after">Number of the last one known; moved on behind those that are taken.</param>
    /// <param name="events">Where to.</param>
    /// <param name="missed">How many came after it that are gone.</param>
    /// <returns>How many were taken.</returns>
    public int Take(ref long after, Span<ForwarderEvent> events, out long missed)
    {
        lock (_gate)
        {
            // A number from before a restart of the control plane may lie ahead: it begins anew.
            after = Math.Min(after, _last);
            long oldest = Math.Max(0, _last - capacity);
            missed = Math.Max(0, oldest - after);
            after += missed;
            int count = (int)Math.Min(events.Length, _last - after);
            for (int i = 0; i < count; i++)
                events[i] = _ring[++after % capacity];
            return count;
        }
    }

    /// <summary>Waits until there are events after a number.</summary>
    public Task WaitAsync(long after, CancellationToken cancellation)
    {
        lock (_gate)
            return _last > after ? Task.CompletedTask : _more.Task.WaitAsync(cancellation);
    }
}
