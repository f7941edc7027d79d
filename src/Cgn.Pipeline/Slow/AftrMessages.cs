using System;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>ICMPv6 to an AFTR address: pings are answered, errors are about our softwire packets, nothing else has a
/// meaning.</summary>
internal static class AftrMessages
{
    /// <summary>Decides an ICMPv6 message.</summary>
    /// <param name="frame">The frame; it may become an answer.</param>
    /// <param name="c">What parsing found of the outer packet.</param>
    /// <param name="packet">The IPv6 packet, without link padding.</param>
    /// <param name="messageAt">First byte of the message in the packet.</param>
    /// <param name="state">What the worker works on.</param>
    /// <param name="now">The time.</param>
    public static void Decide(
        ref Frame frame, ref PacketContext c, Span<byte> packet, int messageAt, GatewayState state, in WorkerTime now)
    {
        if (!Icmpv6View.TryOpen(packet[messageAt..], out Icmpv6View message, out _)
            || !message.IsChecksumRight(Ipv6Address.Read(packet[8..]), Ipv6Address.Read(packet[24..])))
        {
            c.Refuse(DropReason.BadTransportHeader);
        }
        else if (message.Type == Icmpv6Type.EchoRequest)
        {
            AftrPing.Decide(ref frame, ref c, packet, messageAt, state, now);
        }
        else if (message.IsError)
        {
            SoftwireErrors.Decide(ref frame, ref c, message, c.NetworkAt + messageAt, state, now);
        }
        else
        {
            c.Refuse(DropReason.UnsupportedIcmpv6);
        }
    }
}
