using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// How mappings begin, are held down, come back and end.
public sealed partial class NatShard
{
    private bool TryRevive(uint mapping, uint discriminator)
    {
        ref MappingRecord m = ref _mappings[mapping];
        if (!MoveInternal(mapping, m, 0, discriminator))
            return false;
        Kept(ref m.Aux) = discriminator;
        Kept(ref m.State) = MappingState.Dynamic;
        Kept(ref PortsInUse(ref _subscribers[m.Subscriber], m.Protocol))++;
        CountHeld(m, -1);
        Kept(ref _counters[CounterId.MappingsCreatedUdp + NatProtocol.Class(m.Protocol)])++;
        return true;
    }

    private bool MoveInternal(uint mapping, in MappingRecord m, uint from, uint to)
    {
        if (from == to)
            return true;
        if (!_internal.Insert(InternalHash(m.Subscriber, m.InternalAddress, m.InternalPort, m.Protocol, to), mapping))
            return false;
        _internal.Remove(InternalHash(m.Subscriber, m.InternalAddress, m.InternalPort, m.Protocol, from), mapping);
        return true;
    }

    // Writes a record and indexes it; its state is its last store.
    private uint BeginMapping(in MappingRecord made, out DropReason refusal)
    {
        refusal = DropReason.MappingsFull;
        uint mapping = _mappings.Take();
        if (mapping == 0)
            return 0;
        if (!IndexMapping(mapping, made))
        {
            _mappings.Give(mapping);
            return 0;
        }

        refusal = DropReason.None;
        ref MappingRecord m = ref _mappings[mapping];
        m = made with { State = MappingState.None };
        m.State = made.State;
        if (made.Block != 0)
            Kept(ref Used(ref _blocks[made.Block], made.Protocol))++;
        ref SubscriberRecord s = ref _subscribers[made.Subscriber];
        Kept(ref s.MappingCount)++;
        if (CountsAsPort(made.State))
            Kept(ref PortsInUse(ref s, made.Protocol))++;
        Kept(ref _counters[CounterId.MappingsCreatedUdp + NatProtocol.Class(made.Protocol)])++;
        return mapping;
    }

    private bool IndexMapping(uint mapping, in MappingRecord m)
    {
        ulong external = ExternalHash(m.ExternalAddress, m.ExternalPort, m.Protocol, RemoteOf(m));
        if (!_external.Insert(external, mapping))
            return false;
        ulong inside = InternalHash(m);
        if (_internal.Insert(inside, mapping))
            return true;
        _external.Remove(external, mapping);
        return false;
    }

    private void FreeMapping(uint mapping, uint tick)
    {
        ref MappingRecord m = ref _mappings[mapping];
        _external.Remove(ExternalHash(m.ExternalAddress, m.ExternalPort, m.Protocol, RemoteOf(m)), mapping);
        _internal.Remove(InternalHash(m), mapping);
        if (!NatProtocol.HasPorts(m.Protocol) && m.State == MappingState.Dynamic)
            Unclaim(m.ExternalAddress, m.Aux, m.Protocol);
        else if (m.State == MappingState.Explicit)
            ForgetExplicit(m);
        if (m.State == MappingState.HeldDown)
            CountHeld(m, -1);
        else
            Kept(ref _counters[CounterId.MappingsExpiredUdp + NatProtocol.Class(m.Protocol)])++;
        if (m.Block != 0)
        {
            ref BlockRecord block = ref _blocks[m.Block];
            Kept(ref Used(ref block, m.Protocol))--;
            if (IsUnused(block))
                block.IdleSince = tick;
        }

        ref SubscriberRecord s = ref _subscribers[m.Subscriber];
        Kept(ref s.MappingCount)--;
        if (CountsAsPort(m.State))
            Kept(ref PortsInUse(ref s, m.Protocol))--;
        _mappings.Give(mapping);
    }

    private static bool CountsAsPort(MappingState state) => state is MappingState.Dynamic or MappingState.Explicit;

    // What counts towards a plan's limits on ports: live mappings that traffic or a host made, by class of protocol.
    private static ref ushort PortsInUse(ref SubscriberRecord s, byte protocol)
    {
        switch (NatProtocol.Class(protocol))
        {
            case 0:
                return ref s.PortsUdp;
            case 1:
                return ref s.PortsTcp;
            case 2:
                return ref s.PortsIcmp;
            default:
                return ref s.PortsOther;
        }
    }
}
