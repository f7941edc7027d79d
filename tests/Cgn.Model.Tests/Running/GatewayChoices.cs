using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Forwarder;
using Cgn.Model.Tests.Nat;
using Cgn.Nat;

namespace Cgn.Model.Tests.Running;

/// <summary>The gateway's choices, read from its tables.</summary>
internal sealed class GatewayChoices(SimulatedGateway gateway, ModelConfig config, Func<uint> tick) : IChoices
{
    private readonly List<ForwarderEvent> _given = [];
    private readonly HashSet<(uint Address, ushort First)> _released = [];

    public int ShardOf(SubscriberKind kind, UInt128 key) =>
        NatShard.ShardOf(KeyOf(kind, key), config.Shards, (ulong)config[Setting.Seed]);

    public int OwnerOf(Endpoint external) =>
        gateway.Worker(0).State.Pools.OwnerShard(external.Address, external.Port, Datagram.Udp, config.Shards);

    public Endpoint? SessionOf(ModelSubscriber subscriber, byte protocol, Endpoint inside, Endpoint remote)
    {
        NatShard nat = gateway.Shard(subscriber.Shard);
        SubscriberKey key = KeyOf(subscriber.Kind, subscriber.Key);
        FlowKey flow = new()
        {
            InternalAddress = inside.Address,
            InternalPort = inside.Port,
            RemoteAddress = remote.Address,
            RemotePort = remote.Port,
            Protocol = protocol,
        };
        uint session = nat.FindOutbound(nat.OutboundHash(key, flow), key, flow, tick());
        return session == 0
            ? null
            : new Endpoint(nat.Session(session).ExternalAddress, nat.Session(session).ExternalPort);
    }

    public (uint Address, ushort First, ushort Last)? NextBlock(ModelSubscriber subscriber)
    {
        int at = _given.FindIndex(told => told.SubscriberKind == subscriber.Kind
            && new UInt128(told.SubscriberHigh, told.SubscriberLow) == subscriber.Key);
        if (at < 0)
            return null;
        ForwarderEvent given = _given[at];
        _given.RemoveAt(at);
        return (given.ExternalAddress, given.ExternalPort, given.LastPort);
    }

    /// <summary>Takes note of what the gateway tells.</summary>
    public void Told(ReadOnlySpan<ForwarderEvent> events)
    {
        foreach (ref readonly ForwarderEvent told in events)
        {
            if (told.Kind == EventKind.BlockAllocated)
            {
                _given.Add(told);
                _released.Remove((told.ExternalAddress, told.ExternalPort));
            }
            else if (told.Kind == EventKind.BlockReleased)
            {
                _released.Add((told.ExternalAddress, told.ExternalPort));
            }
        }
    }

    public bool WasReleased(ModelBlock block) => _released.Contains((block.Address, block.First));

    public long UnexplainedDrops(DropReason reason) => gateway.Drops(reason);

    private static SubscriberKey KeyOf(SubscriberKind kind, UInt128 key) =>
        new((ulong)(key >> 64), (ulong)key, kind);
}
