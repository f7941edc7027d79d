using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Garden;
using Cgn.Pipeline.Rewriting;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// What subscribers in the walled garden send elsewhere: web requests are redirected to the portal, all else is told
/// at once that it goes nowhere. No session, mapping or port block is made for any of it.
/// </summary>
internal static class GardenWay
{
    private const ushort HttpPort = 80;
    private const ushort HttpsPort = 443;

    // RFC 1812 5.2.7.1: communication administratively prohibited.
    private static IcmpError Prohibited => new(DropReason.WalledGarden, IcmpType.DestinationUnreachable, 13);

    /// <summary>Decides a packet from inside that may not go where it wants to; it may be a fragment.</summary>
    public static void Decide(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (c.Session != 0)
            state.Nat.EndWalledOff(c.Session, now);
        c.Session = 0;
        // The subscriber itself is known and told of like any other, so that it can be asked about.
        uint subscriber = state.Nat.AdmitUntranslated(
            c.Key, c.B4High, c.B4Low, c.Aftr, fromInside: true, now, out DropReason refusal);
        if (subscriber == 0)
        {
            c.Refuse(refusal);
            return;
        }

        // Why later fragments of it end.
        c.Reason = DropReason.WalledGarden;
        bool isTcp = c.Flow.Protocol == (byte)IpProtocol.Tcp && !c.IsLaterFragment;
        if (isTcp && c.Flow.RemotePort == HttpPort)
            GardenResponder.Answer(ref frame, ref c, state, now);
        else if (isTcp && c.Flow.RemotePort == HttpsPort)
            TcpNotices.Reset(ref frame, ref c, Segment(frame, c, state), state, now, DropReason.WalledGarden);
        else
            IcmpErrorWriter.Answer(ref frame, ref c, state, now, Prohibited);
    }

    /// <summary>
    /// A packet that did not conform to its subscriber's rate passes all the same, since the subscriber is in the
    /// garden, and the packet stays there and conforms. If not, it is refused; or, where its session led out of the
    /// garden and has been ended, left without a verdict, so that the slow way answers it.
    /// </summary>
    /// <param name="c">The packet.</param>
    /// <param name="s">Its subscriber.</param>
    /// <param name="up">It goes towards the Internet.</param>
    /// <param name="state">What the stages work on.</param>
    /// <param name="now">The time.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Passes(
        ref PacketContext c, ref SubscriberRecord s, bool up, GatewayState state, in WorkerTime now)
    {
        DropReason refusal = up ? DropReason.RateLimitUp : DropReason.RateLimitDown;
        if (state.Nat.IsWalledOff(s, c.Flow))
        {
            if (c.Session != 0)
                state.Nat.EndWalledOff(c.Session, now);
            c.Session = 0;
            // From inside only the fast way comes here: the slow one has asked before.
            if (up)
                return false;
            refusal = DropReason.WalledGarden;
        }
        else if (state.Nat.IsInGarden(s) && state.Nat.ConformsInGarden(ref s, c.Ipv4Length, up, now.NowNs))
        {
            return true;
        }

        c.Refuse(refusal);
        return false;
    }

    private static TcpSegment Segment(in Frame frame, in PacketContext c, GatewayState state) =>
        TcpReader.Read(state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length), c);
}
