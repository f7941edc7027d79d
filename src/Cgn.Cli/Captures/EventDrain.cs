using System;

using Cgn.Contract.Events;
using Cgn.Forwarder;

namespace Cgn.Cli.Captures;

/// <summary>
/// Takes a gateway's events, as the control plane would: left in their rings they would keep port blocks from being
/// given out.
/// </summary>
internal static class EventDrain
{
    /// <summary>Takes all there are.</summary>
    internal static void Empty(SimulatedGateway gateway)
    {
        Span<ForwarderEvent> events = stackalloc ForwarderEvent[16];
        for (int shard = 0; shard < gateway.ShardCount; shard++)
        {
            int count;
            do
                count = gateway.ReadEvents(shard, events);
            while (count == events.Length);
        }
    }
}
