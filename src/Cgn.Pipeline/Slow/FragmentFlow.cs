using System;
using System.Runtime.InteropServices;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Stages;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// IPv4 fragments: they are translated as they come, without putting them together, once the first has told the
/// ports; what comes before it
/// waits (RFC 4787 REQ-14). A frame that has waited, or that has to go on to the worker which owns its ports, carries
/// them in its chunk.
/// </summary>
internal static class FragmentFlow
{
    private const int UnitBytes = 8;
    private const ushort MoreFragments = 0x2000;

    /// <summary>A fragment from inside, of an admitted source.</summary>
    public static void Outbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (c.PortsKnown)
        {
            SlowOutbound.Flow(ref frame, ref c, state, now);
            return;
        }

        FragmentKey key = OutboundKey(c, state);
        if (!TryLearn(ref frame, ref c, key, new FragmentPorts(c.Flow.InternalPort, c.Flow.RemotePort), state, now,
            out FragmentPorts ports))
            return;
        c.Flow.InternalPort = ports.Source;
        c.Flow.RemotePort = ports.Destination;
        SlowOutbound.Flow(ref frame, ref c, state, now);
        if (!c.IsLaterFragment)
            Settle(c, key, state, state.Output.AgainInside);
    }

    /// <summary>A fragment from outside, to a pool address.</summary>
    public static void Inbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (c.PortsKnown)
        {
            if (IsPing(c, state))
                LocalAnswers.FromOutside(ref frame, ref c, state, now);
            else
                SlowInbound.Flow(ref frame, ref c, state, now);
            return;
        }

        FragmentKey key = new(0, c.Flow.RemoteAddress, c.Flow.InternalAddress, c.Identification, c.Flow.Protocol);
        if (!TryLearn(ref frame, ref c, key, new FragmentPorts(c.Flow.RemotePort, c.Flow.InternalPort), state, now,
            out FragmentPorts ports))
            return;
        c.Flow.InternalPort = ports.Destination;
        c.Flow.RemotePort = ports.Source;
        if (IsPing(c, state))
        {
            if (!c.IsLaterFragment)
                Release(c, key, state, state.Output.AgainOutside);
            LocalAnswers.FromOutside(ref frame, ref c, state, now);
            return;
        }

        int owner = state.Settings.ShardCount == 1 ? state.Shard
            : state.Pools.OwnerShard(c.Flow, state.Settings.ShardCount);
        if (owner >= 0 && owner != state.Shard)
        {
            MarkKnown(ref frame, c, state);
            c.Verdict = Verdict.Handoff;
            c.Owner = (ushort)owner;
            if (!c.IsLaterFragment)
                Release(c, key, state, state.Output.AgainOutside);
            return;
        }

        SlowInbound.Flow(ref frame, ref c, state, now);
        if (!c.IsLaterFragment)
            Settle(c, key, state, state.Output.AgainOutside);
    }

    /// <summary>
    /// A fragment from inside to one of our own addresses, of a ping if the first is: each is answered as it comes, so
    /// that none has to be put together (RFC 1812 4.2.2.8).
    /// </summary>
    public static void PingFromInside(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (!c.PortsKnown)
        {
            FragmentKey key = OutboundKey(c, state);
            if (!TryLearn(ref frame, ref c, key, new FragmentPorts(c.Flow.InternalPort, c.Flow.RemotePort), state, now,
                out _))
                return;
            if (!c.IsLaterFragment)
                Release(c, key, state, state.Output.AgainInside);
        }

        LocalAnswers.Echo(ref frame, ref c, state, now);
    }

    // An echo request from outside carries its type where others have the remote port, so that its later fragments are
    // known for what they are.
    private static bool IsPing(in PacketContext c, GatewayState state) =>
        c.Flow is { Protocol: (byte)IpProtocol.Icmp, RemotePort: (ushort)IcmpType.EchoRequest }
        && state.Pools.Contains(c.Flow.InternalAddress);

    /// <summary>The datagram that a fragment from inside belongs to.</summary>
    public static FragmentKey OutboundKey(in PacketContext c, GatewayState state)
    {
        // Internal addresses overlap, so the subscriber belongs to the key: by a hash, since it may have no record yet.
        uint realm = (uint)(Hash.Pair(c.Key.High, c.Key.Low, state.Settings.Seed) >> 32) | 1;
        return new FragmentKey(realm, c.Flow.InternalAddress, c.Flow.RemoteAddress, c.Identification, c.Flow.Protocol);
    }

    /// <summary>Takes the ports that a frame carries in its chunk.</summary>
    public static void ReadKnown(ReadOnlySpan<byte> chunk, ref PacketContext c)
    {
        c.Flow.InternalPort = MemoryMarshal.Read<ushort>(chunk);
        c.Flow.RemotePort = MemoryMarshal.Read<ushort>(chunk[2..]);
    }

    private static bool TryLearn(
        ref Frame frame, ref PacketContext c, in FragmentKey key, FragmentPorts first, GatewayState state,
        in WorkerTime now,
        out FragmentPorts ports)
    {
        state.Counters[CounterId.FragmentsSeenIpv4]++;
        FragmentVerdict verdict = state.Tables.Ipv4.Offer(
            key, frame, (c.FragmentField & 0x1FFF) * UnitBytes, (c.FragmentField & MoreFragments) != 0,
            c.Ipv4Length - (c.TransportAt - c.Ipv4At), first, now.Tick, out ports, out DropReason refusal);
        if (verdict == FragmentVerdict.Held)
            c.Verdict = Verdict.Hold;
        else if (verdict == FragmentVerdict.Refused)
            c.Refuse(refusal);
        return verdict == FragmentVerdict.Ready;
    }

    /// <summary>After the first fragment: what waited for it follows, or ends with it.</summary>
    private static void Settle(in PacketContext c, in FragmentKey key, GatewayState state, FrameQueue again)
    {
        bool isCarried = c.Session != 0
            || PassThroughWay.IsOutbound(c, state) || PassThroughWay.IsInbound(c, state);
        if (isCarried && c.Verdict != Verdict.Drop)
            Release(c, key, state, again);
        else
            state.Tables.Ipv4.Refuse(key, c.Reason == DropReason.None ? DropReason.NoMapping : c.Reason);
    }

    private static void Release(in PacketContext c, in FragmentKey key, GatewayState state, FrameQueue again)
    {
        int count = state.Tables.Ipv4.Release(key, state.Pieces);
        state.Counters[CounterId.Held] -= count;
        foreach (ref Frame waiting in state.Pieces.AsSpan(0, count))
        {
            MarkKnown(ref waiting, c, state);
            DispatchStage.Queue(again, waiting, state);
        }
    }

    private static void MarkKnown(ref Frame frame, in PacketContext c, GatewayState state)
    {
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        MemoryMarshal.Write(chunk, c.Flow.InternalPort);
        MemoryMarshal.Write(chunk[2..], c.Flow.RemotePort);
        frame.Flags |= FrameFlags.PortsKnown;
    }
}
