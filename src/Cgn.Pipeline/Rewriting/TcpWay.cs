using System;
using System.Runtime.CompilerServices;

using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Rewriting;

/// <summary>
/// What translation does for TCP beyond other protocols, kept out of the loops that carry everything.
/// </summary>
internal static class TcpWay
{
    /// <summary>Follows the connection by a segment that is carried.</summary>
    /// <param name="s">Its session.</param>
    /// <param name="fromInside">It goes outbound.</param>
    /// <param name="frame">Its frame.</param>
    /// <param name="c">What parsing found; not a later fragment.</param>
    /// <param name="state">What the stages work on.</param>
    /// <param name="tick">Now.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Observe(
        ref SessionRecord s, bool fromInside, in Frame frame, in PacketContext c, GatewayState state, uint tick) =>
        TcpTracker.Observe(ref s, fromInside, TcpReader.Read(Packet(frame, c, state), c), tick);

    /// <summary>Lowers the MSS that a SYN announces.</summary>
    /// <param name="frame">Its frame, translated.</param>
    /// <param name="c">What parsing found; not a later fragment.</param>
    /// <param name="kind">How the subscriber is attached.</param>
    /// <param name="state">What the stages work on.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ClampMss(in Frame frame, in PacketContext c, SubscriberKind kind, GatewayState state) =>
        MssClamp.Apply(Packet(frame, c, state), c, state.Settings.MssFor(kind), state.Counters);

    private static Span<byte> Packet(in Frame frame, in PacketContext c, GatewayState state) =>
        state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length);
}
