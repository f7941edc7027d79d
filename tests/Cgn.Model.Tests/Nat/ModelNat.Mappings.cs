using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Model.Tests.Nat;

// Mappings: found, made with what the gateway chose, held down and freed.
internal sealed partial class ModelNat
{
    private ModelMapping? FindExternal(byte protocol, Endpoint external, uint remote) => HasPorts(protocol)
        ? Mappings.FirstOrDefault(mapping => mapping.Protocol == protocol && mapping.External == external)
        : Mappings.Where(mapping => mapping.Protocol == protocol && mapping.External == external).OrderBy(
            mapping => mapping.State == MappingState.Static ? 0 : 1).FirstOrDefault(
            mapping => mapping.State == MappingState.Static || mapping.Purpose.Address == remote);

    private Endpoint PurposeOf(byte protocol, Endpoint remote) =>
        !HasPorts(protocol) || _settings.MappingType == MappingType.AddressDependent ? new Endpoint(remote.Address, 0)
        : _settings.MappingType == MappingType.EndpointIndependent ? default
        : remote;

    private ModelMapping? MappingFor(
        ModelSubscriber subscriber, byte protocol, Endpoint inside, Endpoint remote, out DropReason refusal)
    {
        refusal = DropReason.None;
        Endpoint purpose = PurposeOf(protocol, remote);
        List<ModelMapping> own = [.. subscriber.Mappings.Where(mapping =>
            mapping.Protocol == protocol && mapping.Internal == inside)];
        ModelMapping? mapping = own.Find(made => made.State == MappingState.Dynamic && made.Purpose == purpose)
            ?? own.Find(made => made.State == MappingState.Static);
        if (mapping is not null)
            return mapping;
        List<ModelMapping> held = own.FindAll(made => made.State == MappingState.HeldDown);
        refusal = RefusalByPlan(subscriber, protocol, held.Count != 0);
        if (refusal != DropReason.None)
            return null;
        Endpoint? chosen = _choices.SessionOf(subscriber, protocol, inside, remote);
        if (held.Count != 0)
            return Revive(held, purpose, chosen);
        return HasPorts(protocol)
            ? MakeMapping(subscriber, protocol, inside, purpose, chosen, out refusal)
            : MakeAddressOnly(subscriber, protocol, inside, remote, out refusal);
    }

    // RFC 6888 REQ-4: what traffic has made counts as ports in use; REQ-5: held ones take memory too.
    private DropReason RefusalByPlan(ModelSubscriber subscriber, byte protocol, bool isHeld)
    {
        PlanSettings plan = _config.Plans[_settings.DefaultPlan];
        int Ports(Func<byte, bool> counts) => subscriber.Mappings.Count(
            made => made.State == MappingState.Dynamic && counts(made.Protocol));
        bool isFull = plan.PortLimit != 0 && Ports(_ => true) >= plan.PortLimit;
        bool isOverQuota = plan.PortQuotaUdp != 0 && Class(protocol) == 0
            && Ports(other => Class(other) == 0) >= plan.PortQuotaUdp;
        return isFull || isOverQuota ? DropReason.PortLimit
            : plan.MappingLimit != 0 && subscriber.Mappings.Count >= plan.MappingLimit && !isHeld
                ? DropReason.MappingLimit
            : DropReason.None;
    }

    // The same internal endpoint may have a port back before anybody else could.
    private ModelMapping Revive(List<ModelMapping> held, Endpoint purpose, Endpoint? chosen)
    {
        ModelMapping back = held.Count == 1 ? held[0]
            : held.Find(made => made.External == chosen)
                ?? throw new ModelException($"{chosen} is none of the endpoints held for the same internal one");
        back.State = MappingState.Dynamic;
        back.Purpose = purpose;
        Count(CounterId.MappingsHeld, -1);
        Count(CounterId.MappingsCreatedUdp + Class(back.Protocol));
        return back;
    }

    private ModelMapping? MakeMapping(
        ModelSubscriber subscriber, byte protocol, Endpoint inside, Endpoint purpose, Endpoint? chosen,
        out DropReason refusal)
    {
        refusal = CanTakeMapping(subscriber.Shard) ? DropReason.None : DropReason.MappingsFull;
        if (refusal != DropReason.None)
            return null;
        bool hasRoom = KeptPort(subscriber, protocol, inside) is not null
            || subscriber.Blocks.Exists(block => HasRoom(block, protocol));
        if (!hasRoom)
        {
            TakeBlock(subscriber, out refusal);
            // All its ports may be reserved.
            if (refusal == DropReason.None && !HasRoom(subscriber.Blocks[^1], protocol))
                refusal = DropReason.NoBlock;
            if (refusal != DropReason.None)
                return null;
        }

        if (chosen is not Endpoint external)
            throw new ModelException($"no session was made for {inside} of protocol {protocol}, though there is room");
        CheckPort(subscriber, protocol, inside, external);
        ModelMapping made = new()
        {
            Subscriber = subscriber,
            Protocol = protocol,
            Internal = inside,
            External = external,
            Purpose = purpose,
            Block = subscriber.Blocks.Find(block => block.Holds(external)),
        };
        Add(made);
        return made;
    }

    private bool CanTakeMapping(int shard) =>
        Mappings.Count(mapping => mapping.Subscriber.Shard == shard) < Part(_settings.MappingCapacity);

    private void Add(ModelMapping made)
    {
        made.Subscriber.Mappings.Add(made);
        Count(CounterId.MappingsCreatedUdp + Class(made.Protocol));
    }

    // One internal host for each protocol, external address and remote.
    private ModelMapping? MakeAddressOnly(
        ModelSubscriber subscriber, byte protocol, Endpoint inside, Endpoint remote, out DropReason refusal)
    {
        refusal = DropReason.None;
        if (subscriber.Blocks.Count == 0 && subscriber.Paired == 0)
            TakeBlock(subscriber, out refusal);
        if (refusal != DropReason.None)
            return null;
        Endpoint external = new(subscriber.Paired, 0);
        ModelMapping? taken = FindExternal(protocol, external, remote.Address);
        if (taken is { State: not MappingState.Static } && !taken.Sessions.Exists(Supports)
            && taken.Subscriber.Shard == subscriber.Shard)
        {
            EndMapping(taken);
            taken = null;
        }

        if (taken is not null)
            refusal = DropReason.AddressOnlyConflict;
        else if (!CanTakeMapping(subscriber.Shard))
            refusal = DropReason.MappingsFull;
        if (refusal != DropReason.None)
            return null;
        ModelMapping made = new()
        {
            Subscriber = subscriber,
            Protocol = protocol,
            Internal = inside,
            External = external,
            Purpose = new Endpoint(remote.Address, 0),
        };
        Add(made);
        return made;
    }

    // Only what has a port has something to hold (RFC 6888 REQ-8).
    private void HoldDown(ModelMapping mapping)
    {
        if (_settings.HoldDownTimeout == 0 || !HasPorts(mapping.Protocol))
        {
            Free(mapping);
            return;
        }

        Count(CounterId.MappingsExpiredUdp + Class(mapping.Protocol));
        Count(CounterId.MappingsHeld);
        mapping.State = MappingState.HeldDown;
        mapping.Purpose = default;
        mapping.HeldUntil = _tick + _settings.HoldDownTimeout;
    }

    private void Free(ModelMapping mapping)
    {
        if (mapping.State == MappingState.HeldDown)
            Count(CounterId.MappingsHeld, -1);
        else
            Count(CounterId.MappingsExpiredUdp + Class(mapping.Protocol));
        mapping.Subscriber.Mappings.Remove(mapping);
        if (mapping.Block is not null && !mapping.Subscriber.Mappings.Exists(other => other.Block == mapping.Block))
            mapping.Block.IdleSince = _tick;
    }

    private void EndMapping(ModelMapping mapping)
    {
        foreach (ModelSession session in mapping.Sessions.ToList())
            End(session);
        if (mapping.Subscriber.Mappings.Contains(mapping))
            Free(mapping);
    }

    private void InstallStatics()
    {
        foreach (StaticMapping wanted in _config.StaticMappings)
        {
            SubscriberKind kind = wanted.IsDsLite ? SubscriberKind.DsLite : SubscriberKind.Nat444;
            UInt128 key = new(wanted.SubscriberHigh, wanted.SubscriberLow);
            int shard = _choices.ShardOf(kind, key);
            ModelSubscriber? subscriber = FindSubscriber(kind, key);
            if (_settings.DefaultPlan < 0 || (subscriber is null && !CanTakeSubscriber(shard)))
                continue;
            subscriber ??= MakeSubscriber(kind, key, shard, key);
            if (!CanTakeMapping(shard))
                continue;
            if (subscriber.Paired == 0)
                subscriber.Paired = wanted.ExternalAddress;
            Add(new ModelMapping
            {
                Subscriber = subscriber,
                Protocol = wanted.Protocol,
                Internal = new Endpoint(wanted.InternalAddress, wanted.InternalPort),
                External = new Endpoint(wanted.ExternalAddress, wanted.ExternalPort),
                State = MappingState.Static,
            });
        }
    }
}
