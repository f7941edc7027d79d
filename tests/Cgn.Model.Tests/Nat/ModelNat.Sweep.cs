using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Counting;
using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

// What gives memory back.
internal sealed partial class ModelNat
{
    private const uint SubscriberLinger = 600;

    /// <summary>All that is due now ends; says what must leave because of it.</summary>
    public List<Expected> Sweep()
    {
        _expected.Clear();
        AnswerHeldSyns();
        foreach (ModelSession session in Sessions.Where(session => !IsAlive(session)).ToList())
            End(session);
        foreach (ModelMapping mapping in Mappings.Where(mapping =>
            mapping.State == MappingState.HeldDown && (int)(_tick - mapping.HeldUntil) >= 0).ToList())
        {
            Free(mapping);
        }

        foreach (ModelSubscriber subscriber in Subscribers.ToList())
        {
            ReleaseIdleBlocks(subscriber);
            if (subscriber.Mappings.Count == 0 && subscriber.Blocks.Count == 0
                && _tick - subscriber.LastActive >= SubscriberLinger)
            {
                Subscribers.Remove(subscriber);
            }
        }

        _counts[(int)CounterId.Subscribers] = Subscribers.Count;
        ExpireOuter();
        ExpireFragments();
        return [.. _expected];
    }
}
