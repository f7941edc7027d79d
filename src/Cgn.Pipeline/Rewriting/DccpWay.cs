using System;

using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>What the slow way does for DCCP beyond other protocols with ports.</summary>
internal static class DccpWay
{
    private const int TypeAt = 8;

    /// <summary>Follows the connection by a packet that is carried; does nothing for other protocols.</summary>
    /// <param name="s">Its session.</param>
    /// <param name="fromInside">It goes outbound.</param>
    /// <param name="frame">Its frame.</param>
    /// <param name="c">What parsing found.</param>
    /// <param name="state">What the stages work on.</param>
    public static void Observe(
        ref SessionRecord s, bool fromInside, in Frame frame, in PacketContext c, GatewayState state)
    {
        if (c.Flow.Protocol != (byte)IpProtocol.Dccp || c.IsLaterFragment)
            return;
        ReadOnlySpan<byte> packet = state.Store.Chunk(frame.Chunk)[c.TransportAt..(c.Ipv4At + c.Ipv4Length)];
        if (packet.Length > TypeAt)
            DccpTracker.Observe(ref s, fromInside, packet[TypeAt] >> 1 & 0x0F);
    }
}
