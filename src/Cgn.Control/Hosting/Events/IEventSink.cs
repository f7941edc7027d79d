using System;

using Cgn.Contract.Events;

namespace Cgn.Control.Hosting.Events;

/// <summary>Somewhere that events are recorded. Called from one thread.</summary>
public interface IEventSink
{
    /// <summary>The sink's name in metrics.</summary>
    string Name { get; }

    /// <summary>Records a batch, whole or not at all.</summary>
    /// <param name="events">
    /// Events of one shard, oldest first; a sink passes over those that it does not record.
    /// </param>
    /// <param name="recorded">How many of them are records of this sink.</param>
    /// <returns>False when it can't be recorded now; the same batch may come again.</returns>
    bool TryWrite(ReadOnlySpan<ForwarderEvent> events, out int recorded);

    /// <summary>Opens anew what it writes to: its file may have been moved away.</summary>
    void Reopen();
}
