using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Tables;
using Cgn.Wire;

namespace Cgn.Nat;

// Mappings. What a mapping is for beyond its internal endpoint is one number, its discriminator: 0 for
// endpoint-independent and static mappings, the remote address for address-dependent ones and for protocols without
// ports, a keyed hash of the remote endpoint for address- and port-dependent ones. A live mapping keeps it in Aux and
// is indexed under it; a held one is indexed under 0.
public sealed partial class NatShard
{
    // Sessions of a mapping that are looked at to see whether one lives; a mapping that has more is taken to live.
    private const int LivesWalked = 64;

    /// <summary>
    /// The mapping of an external endpoint, 0 for none; held ones are none. It may be past its time but not yet swept.
    /// </summary>
    /// <param name="externalAddress">External address.</param>
    /// <param name="externalPort">
    /// External port or query identifier; 0 for protocols without ports, of which only static ones are found.
    /// </param>
    /// <param name="protocol">Transport protocol.</param>
    public uint FindMapping(uint externalAddress, ushort externalPort, byte protocol)
    {
        uint mapping = FindExternal(externalAddress, externalPort, protocol, 0);
        return IsInForce(_mappings[mapping]) ? mapping : 0;
    }

    /// <summary>
    /// The endpoint-independent or static mapping of an internal endpoint, 0 for none; held ones are none.
    /// </summary>
    /// <param name="key">The subscriber.</param>
    /// <param name="internalAddress">Internal address.</param>
    /// <param name="port">Internal port or query identifier.</param>
    /// <param name="protocol">Transport protocol.</param>
    public uint FindMappingInternal(in SubscriberKey key, uint internalAddress, ushort port, byte protocol)
    {
        uint subscriber = FindSubscriber(key);
        if (subscriber == 0)
            return 0;
        FlowKey flow = new() { InternalAddress = internalAddress, InternalPort = port, Protocol = protocol };
        return FindInternal(subscriber, flow, 0, out _);
    }

    /// <summary>
    /// A static mapping lives always, another while it has a live session; one that an outsider's SYN began and the
    /// inside has not answered does not count.
    /// </summary>
    public bool MappingLives(uint mapping, uint tick)
    {
        ref readonly MappingRecord m = ref _mappings[mapping];
        return m.State == MappingState.Static || (m.State == MappingState.Explicit && ExplicitLives(m, tick))
            || (m.State is MappingState.Dynamic or MappingState.Explicit && TryLongest(m, tick, out _));
    }

    // A mapping lives as long as the longest of its sessions (RFC 4787 REQ-5a): how many ticks that still is.
    private bool TryLongest(in MappingRecord m, uint tick, out uint leftTicks)
    {
        leftTicks = 0;
        uint session = m.FirstSession;
        int walked = 0;
        for (; session != 0 && walked < LivesWalked; walked++)
        {
            ref readonly SessionRecord s = ref _sessions[session];
            uint left = _lifeTicks[(int)s.State & (States - 1)] - (tick - s.LastActive);
            if (IsAlive(s, tick) && s.State != SessionState.TcpInitOutside && left > leftTicks)
                leftTicks = left;
            session = s.NextOfMapping;
        }

        if (leftTicks == 0 && session != 0)
            leftTicks = uint.MaxValue;
        return leftTicks != 0;
    }

    private uint Discriminator(in FlowKey flow)
    {
        if (!NatProtocol.HasPorts(flow.Protocol) || _settings.MappingType == MappingType.AddressDependent)
            return flow.RemoteAddress;
        if (_settings.MappingType == MappingType.EndpointIndependent)
            return 0;
        ulong hash = Hash.Pair(flow.RemoteAddress, flow.RemotePort, _secrets.MappingInternal);
        return (uint)(hash >> 32) | 1;
    }

    private ulong InternalHash(uint subscriber, uint address, ushort port, byte protocol, uint discriminator) =>
        Hash.Pair(
            ((ulong)subscriber << 32) | address, ((ulong)discriminator << 32) | ((uint)port << 8) | protocol,
            _secrets.MappingInternal);

    private ulong ExternalHash(uint address, ushort port, byte protocol, uint remote) =>
        Hash.Pair(((ulong)address << 32) | remote, ((ulong)port << 8) | protocol, _secrets.MappingExternal);

    // Neither free nor held down.
    private static bool IsInForce(in MappingRecord m) =>
        m.State is MappingState.Dynamic or MappingState.Static or MappingState.Explicit;

    // Protocols without ports: the external endpoint is one remote's only.
    private static uint RemoteOf(in MappingRecord m) =>
        NatProtocol.HasPorts(m.Protocol) || m.State is MappingState.Static or MappingState.Explicit ? 0 : m.Aux;

    private static uint DiscriminatorOf(in MappingRecord m) => m.State == MappingState.Dynamic ? m.Aux : 0;

    private uint FindExternal(uint address, ushort port, byte protocol, uint remote)
    {
        HashProbe probe = _external.Probe(ExternalHash(address, port, protocol, remote));
        while (probe.Next(out uint mapping))
        {
            ref readonly MappingRecord m = ref _mappings[mapping];
            if (m.ExternalAddress == address && m.ExternalPort == port && m.Protocol == protocol && m.IsLive
                && RemoteOf(m) == remote)
            {
                return mapping;
            }
        }

        return 0;
    }

    // The mapping of an internal endpoint under a discriminator; beside it one that is held, which the same endpoint
    // may have back.
    private uint FindInternal(uint subscriber, in FlowKey flow, uint discriminator, out uint held)
    {
        held = 0;
        HashProbe probe = _internal.Probe(
            InternalHash(subscriber, flow.InternalAddress, flow.InternalPort, flow.Protocol, discriminator));
        while (probe.Next(out uint mapping))
        {
            ref readonly MappingRecord m = ref _mappings[mapping];
            if (m.Subscriber != subscriber || m.InternalAddress != flow.InternalAddress
                || m.InternalPort != flow.InternalPort || m.Protocol != flow.Protocol || !m.IsLive
                || DiscriminatorOf(m) != discriminator)
            {
                continue;
            }

            if (m.State != MappingState.HeldDown)
                return mapping;
            held = mapping;
        }

        return 0;
    }

    // The mapping that an outbound flow goes by, made if there is none.
    private uint MappingFor(uint subscriber, in FlowKey flow, in WorkerTime now, out DropReason refusal)
    {
        refusal = DropReason.None;
        uint discriminator = Discriminator(flow);
        uint mapping = FindInternal(subscriber, flow, discriminator, out uint held);
        if (mapping == 0 && discriminator != 0)
            mapping = FindInternal(subscriber, flow, 0, out held);
        if (mapping == 0 && flow is { Protocol: (byte)IpProtocol.Gre, RemotePort: not 0 })
            mapping = FindCall(subscriber, flow, anyCall: true);
        if (mapping != 0)
            return mapping;
        refusal = RefuseMapping(subscriber, flow.Protocol, held != 0, now.Tick);
        if (refusal != DropReason.None)
            return 0;
        mapping = held != 0 && TryRevive(held, discriminator) ? held
            : NatProtocol.HasPorts(flow.Protocol) ? MakeMapping(subscriber, flow, discriminator, now, out refusal)
            : MakeAddressOnly(subscriber, flow, now, out refusal);
        if (mapping != 0)
            WatchPorts(subscriber, now);
        return mapping;
    }

    private uint MakeMapping(
        uint subscriber, in FlowKey flow, uint discriminator, in WorkerTime now, out DropReason refusal)
    {
        if (_mappings.Count >= _mappings.Capacity)
        {
            refusal = DropReason.MappingsFull;
            return 0;
        }

        uint block = FindPort(subscriber, flow, now, out ushort port, out refusal);
        if (block == 0)
            return 0;
        return BeginMapping(
            new MappingRecord
            {
                Subscriber = subscriber,
                InternalAddress = flow.InternalAddress,
                InternalPort = flow.InternalPort,
                ExternalAddress = _blocks[block].ExternalAddress,
                ExternalPort = port,
                Protocol = flow.Protocol,
                Block = block,
                Aux = discriminator,
                State = MappingState.Dynamic,
            },
            out refusal);
    }

    // A protocol without ports: one internal host for each (protocol, external address, remote).
    private uint MakeAddressOnly(uint subscriber, in FlowKey flow, in WorkerTime now, out DropReason refusal)
    {
        refusal = DropReason.None;
        if (_subscribers[subscriber].BlockCount == 0 && _subscribers[subscriber].ExternalAddress == 0
            && GiveBlock(subscriber, now, out refusal) == 0)
        {
            return 0;
        }

        uint external = _subscribers[subscriber].ExternalAddress;
        uint taken = FindExternal(external, 0, flow.Protocol, flow.RemoteAddress);
        if (taken != 0 && !MappingLives(taken, now.Tick))
            EndMapping(taken, now);
        else if (taken != 0)
            refusal = DropReason.AddressOnlyConflict;
        if (FindExternal(external, 0, flow.Protocol, 0) != 0
            || !TryClaim(external, flow.RemoteAddress, flow.Protocol))
        {
            refusal = DropReason.AddressOnlyConflict;
        }

        if (refusal != DropReason.None)
            return 0;
        uint mapping = BeginMapping(
            new MappingRecord
            {
                Subscriber = subscriber,
                InternalAddress = flow.InternalAddress,
                ExternalAddress = external,
                Protocol = flow.Protocol,
                Aux = flow.RemoteAddress,
                State = MappingState.Dynamic,
            },
            out refusal);
        if (mapping == 0)
            Unclaim(external, flow.RemoteAddress, flow.Protocol);
        return mapping;
    }

    private bool TryClaim(uint external, uint remote, byte protocol, ushort call = 0) =>
        _shardCount == 1 || _pools.AddressOnly.TryClaim(external, remote, protocol, call, _shard);

    private void Unclaim(uint external, uint remote, byte protocol, ushort call = 0)
    {
        if (_shardCount != 1)
            _pools.AddressOnly.Release(external, remote, protocol, call, _shard);
    }
}
