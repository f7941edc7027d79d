using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Stages;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// SYNs from outside that nothing admits: kept for some seconds, in which the inside may open the same connection
/// (RFC 5382 REQ-4), and answered with ICMP port unreachable if it has not. Never with a RST, which would end a
/// simultaneous open. What is not kept, for policy or want of room, is dropped silently.
/// </summary>
internal static class UnsolicitedSyns
{
    private const int PerTurn = 64;

    /// <summary>Keeps a packet that was refused, or drops it.</summary>
    public static void Refuse(
        ref Frame frame, ref PacketContext c, in TcpSegment tcp, GatewayState state, uint tick, DropReason refusal)
    {
        if (!IsAnswered(refusal, state.Settings.UnsolicitedSyn)
            || c.Flow.Protocol != (byte)IpProtocol.Tcp || (c.FragmentField & 0x3FFF) != 0
            || !TcpTracker.IsOpening(tcp) || !state.Syns.TryHold(frame, c.Flow, refusal, tick))
        {
            c.Refuse(refusal);
            return;
        }

        c.Verdict = Verdict.Hold;
    }

    /// <summary>Answers what has been kept long enough, a bounded number.</summary>
    public static void Answer(GatewayState state, in WorkerTime now)
    {
        uint ticks = state.Settings.TcpInSynTimeout;
        for (int i = 0; i < PerTurn && state.Syns.TryTake(now.Tick, ticks, out Frame frame, out DropReason reason); i++)
        {
            state.Counters[CounterId.Held]--;
            IcmpError error = new(reason, IcmpType.DestinationUnreachable, 3);
            if (IsAnswered(reason, state.Settings.UnsolicitedSyn) && !IsOpened(frame, state, now.Tick))
            {
                IcmpErrorWriter.AnswerKept(frame, fromInside: false, state, now, error);
                continue;
            }

            state.Counters.Drop(reason, frame.Length);
            state.Pool.Return(frame.Chunk);
        }
    }

    // The inside has opened the same connection: the SYN is forgotten, and its sender will repeat it.
    private static bool IsOpened(in Frame frame, GatewayState state, uint tick)
    {
        PacketContext c = default;
        ParseInside.Begin(ref c, frame);
        ParseOutside.Read(state.Store, frame, state.Settings, ref c);
        return state.Nat.FindInbound(state.Nat.InboundHash(c.Flow), c.Flow, tick) != 0;
    }

    private static bool IsAnswered(DropReason refusal, UnsolicitedSyn policy) => refusal switch
    {
        DropReason.Filtered => policy != UnsolicitedSyn.Drop,
        DropReason.NoMapping => policy == UnsolicitedSyn.Icmp,
        _ => false,
    };
}
