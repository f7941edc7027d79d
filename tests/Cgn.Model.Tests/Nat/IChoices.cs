using System;

using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

/// <summary>What the gateway chose where it may choose: the model can't foretell it, so it asks, and checks that the
/// choice was allowed.</summary>
internal interface IChoices
{
    int ShardOf(SubscriberKind kind, UInt128 key);

    /// <summary>The shard that has the port block of an external endpoint.</summary>
    int OwnerOf(Endpoint external);

    /// <summary>The external endpoint of a session, null when there is no such session.</summary>
    Endpoint? SessionOf(ModelSubscriber subscriber, byte protocol, Endpoint inside, Endpoint remote);

    /// <summary>The next block that the subscriber was given, null when there is none that was not asked for yet.
    /// </summary>
    (uint Address, ushort First, ushort Last)? NextBlock(ModelSubscriber subscriber);

    /// <summary>The block was given back, and to nobody since.</summary>
    bool WasReleased(ModelBlock block);

    /// <summary>Drops for this reason that the model has not accounted for yet.</summary>
    long UnexplainedDrops(Contract.DropReason reason);
}
