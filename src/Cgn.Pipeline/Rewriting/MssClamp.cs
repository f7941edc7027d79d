using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Cgn.Contract.Counting;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>Lowers the MSS that a SYN announces to what fits the softwire (RFC 8513 mss-clamping); never raises it,
/// never adds one.</summary>
internal static class MssClamp
{
    private const byte Syn = 0x02;

    /// <summary>Clamps when the packet holds the whole header of a TCP segment with SYN set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(Span<byte> packet, in PacketContext c, ushort ceiling, CounterBlock counters)
    {
        if (c.Flow.Protocol != (byte)IpProtocol.Tcp || ceiling == 0 || c.IsLaterFragment)
            return;
        Span<byte> segment = packet[(c.TransportAt - c.Ipv4At)..];
        if (segment.Length >= 20 && (segment[13] & Syn) != 0)
            Clamp(segment, ceiling, counters);
    }

    private static void Clamp(Span<byte> segment, ushort ceiling, CounterBlock counters)
    {
        if (!TcpView.TryOpen(segment, out TcpView view, out _))
            return;
        if (view.ClampMss(ceiling))
            counters[CounterId.MssClamped]++;
        else if (view.ReadOptions().IsMalformed)
            counters[CounterId.TcpOptionsMalformed]++;
    }
}
