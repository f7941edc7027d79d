using System;
using System.Buffers.Binary;

using Cgn.Memory;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Slow;

namespace Cgn.Pipeline.Stages;

/// <summary>Which worker an inbound packet belongs to: the owner of its external endpoint.</summary>
internal static class Ownership
{
    /// <summary>The owner, or -1 when anyone may deal with it.</summary>
    public static int OfInbound(ReadOnlySpan<byte> chunk, in PacketContext c, GatewayState state)
    {
        if (state.Settings.PassThrough.IsOn && !state.Pools.Contains(c.Flow.InternalAddress))
            return OfUntranslated(c, state.Settings);
        return c.Class switch
        {
            PacketClass.Echo => -1,
            PacketClass.IcmpError => OfError(chunk, c, state),
            PacketClass.Fragment => OfFragment(c, state),
            _ => state.Pools.OwnerShard(c.Flow, state.Settings.ShardCount),
        };
    }

    /// <summary>The owner of the subscriber whose own address a packet is for, fragments and errors alike.</summary>
    private static int OfUntranslated(in PacketContext c, PipelineSettings settings) =>
        settings.PassThrough.TryFind(c.Flow.InternalAddress, out SubscriberKey key, out _, out _)
            ? NatShard.ShardOf(key, settings.ShardCount, settings.Seed)
            : -1;

    /// <summary>
    /// The NAT444 customer that an ICMP error from inside is about: the sender, or, where a router between here and the
    /// customers reports, the one that the quoted packet was for. Nobody speaks for another customer.
    /// </summary>
    public static uint CustomerOfError(ReadOnlySpan<byte> chunk, in PacketContext c, PipelineSettings settings)
    {
        int destinationAt = c.TransportAt + 8 + 16;
        if (Admission.IsCustomer(c.Flow.InternalAddress, settings) || destinationAt + 4 > c.Ipv4At + c.Ipv4Length)
            return c.Flow.InternalAddress;
        uint quoted = BinaryPrimitives.ReadUInt32BigEndian(chunk[destinationAt..]);
        return Admission.IsCustomer(quoted, settings) ? quoted : c.Flow.InternalAddress;
    }

    /// <summary>
    /// All fragments of a packet meet at one worker, chosen by what they have in common; when the ports are known
    /// there, they go on to the owner.
    /// </summary>
    private static int OfFragment(in PacketContext c, GatewayState state)
    {
        if (c.PortsKnown)
        {
            return state.Pools.OwnerShard(c.Flow, state.Settings.ShardCount);
        }

        ulong hash = Hash.Pair(
            (ulong)c.Flow.InternalAddress << 32 | c.Flow.RemoteAddress, (ulong)c.Identification << 8 | c.Flow.Protocol,
            state.Settings.Seed);
        return (int)((hash >> 32) % (uint)state.Settings.ShardCount);
    }

    private static int OfError(ReadOnlySpan<byte> chunk, in PacketContext c, GatewayState state)
    {
        // The packet quoted begins behind eight bytes of ICMP; its source is the external endpoint.
        int quote = c.TransportAt + 8;
        int end = c.Ipv4At + c.Ipv4Length;
        if (end - quote < 28)
            return -1;
        int transport = quote + ((chunk[quote] & 0x0F) * 4);
        if (end - transport < 8)
            return -1;
        FlowKey flow = default;
        flow.Protocol = chunk[quote + 9];
        flow.InternalAddress = BinaryPrimitives.ReadUInt32BigEndian(chunk[(quote + 12)..]);
        flow.RemoteAddress = BinaryPrimitives.ReadUInt32BigEndian(chunk[(quote + 16)..]);
        FlowPorts.Read(chunk[transport..end], localIsSource: true, ref flow);
        return state.Pools.OwnerShard(flow, state.Settings.ShardCount);
    }
}
