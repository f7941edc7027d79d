using System;

using Cgn.Contract.Events;

namespace Cgn.Control.Hosting.Events;

/// <summary>
/// Someone in the control plane who follows what the forwarder tells, after it has been recorded. Called from one
/// thread, which must not wait: an observer that has much to do keeps a queue of its own. What was told while no
/// control plane ran may come late, and what a killed one had taken does not come again.
/// </summary>
internal interface IEventObserver
{
    /// <summary>Takes notice of a batch.</summary>
    /// <param name="events">Events of one shard, oldest first; valid during the call only.</param>
    void Observe(ReadOnlySpan<ForwarderEvent> events);
}
