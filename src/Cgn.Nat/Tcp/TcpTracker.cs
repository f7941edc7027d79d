using System;
using System.Runtime.CompilerServices;

using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Nat;

/// <summary>
/// Follows a TCP connection by its segments: the state machine of RFC 7857 section 2 (figure 1, after RFC 6146
/// 3.5.2.2). It only decides which timer runs and when it starts anew; every segment is carried whatever it finds.
/// </summary>
/// <remarks>
/// <para>States: INIT is <see cref="SessionState.TcpInitInside"/> or <see cref="SessionState.TcpInitOutside"/>, C FIN
/// RCV is
/// <see cref="SessionState.TcpFinInside"/>, S FIN RCV <see cref="SessionState.TcpFinOutside"/>, both
/// <see cref="SessionState.TcpClosing"/>, TRANS <see cref="SessionState.TcpTransitory"/> or, when it was
/// entered because the established timer ran out, <see cref="SessionState.TcpProbed"/>.</para>
/// <para>A segment that does not belong to the connection is carried all the same, a RST too (RFC 7857 2.2): the end
/// that gets it knows better whether to challenge it (RFC 5961 section 3), and tracking must not break what both ends
/// hold to be right. It only changes nothing here.</para>
/// <para>Somebody outside who can't see the connection must not be able to end it (RFC 5382 section 9): a RST, a FIN
/// and whatever revives a
/// connection counts only when its sequence number lies within the largest window offered, either way, of the highest
/// one seen. What the inside sends is believed about itself, and its acknowledgments about the other side, so tracking
/// that lost its place finds it again.</para>
/// <para>Beyond the figure: a SYN from inside on a closed connection, or with other numbers on one that was reset,
/// begins a new one on the same endpoints.</para>
/// </remarks>
public static class TcpTracker
{
    private const int Syn = (int)TcpFlags.Syn;
    private const int Ack = (int)TcpFlags.Ack;
    private const int Rst = (int)TcpFlags.Rst;
    private const int Fin = (int)TcpFlags.Fin;
    private const int NoScale = 15;

    // A SYN-ACK may acknowledge a SYN without the data that came with it (RFC 7413), so not one number alone is right.
    private const uint SynDataBytesMax = 0xFFFF;

    /// <summary>The segment asks for a new connection: SYN without ACK, RST or FIN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOpening(in TcpSegment segment) => (segment.Flags & (Syn | Ack | Rst | Fin)) == Syn;

    /// <summary>Takes one segment into account.</summary>
    /// <param name="s">A live TCP session.</param>
    /// <param name="fromInside">The segment goes outbound.</param>
    /// <param name="segment">Its header.</param>
    /// <param name="tick">Now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Observe(ref SessionRecord s, bool fromInside, in TcpSegment segment, uint tick)
    {
        if (s.State == SessionState.TcpEstablished && (segment.Flags & (Syn | Rst | Fin)) == 0)
        {
            Follow(ref s, fromInside, segment);
            s.LastActive = tick;
            return;
        }

        Step(ref s, fromInside, segment, tick);
    }

    /// <summary>Begins tracking with the SYN that made the session.</summary>
    internal static void Open(ref SessionRecord s, bool fromInside, in TcpSegment segment, uint tick)
    {
        s.InsideEnd = 0;
        s.OutsideEnd = 0;
        s.InsideWindow = 0;
        s.OutsideWindow = 0;
        s.WindowScales = (NoScale << 4) | NoScale;
        s.LastActive = tick;
        Rebase(ref s, fromInside, segment);
        s.State = fromInside ? SessionState.TcpInitInside : SessionState.TcpInitOutside;
    }

    private static void Step(ref SessionRecord s, bool fromInside, in TcpSegment segment, uint tick)
    {
        bool inWindow = IsInWindow(s, fromInside, segment);
        switch (s.State)
        {
            case SessionState.TcpInitInside or SessionState.TcpInitOutside:
                Init(ref s, fromInside, segment, tick);
                return;
            case SessionState.TcpEstablished:
                Established(ref s, fromInside, segment, inWindow, tick);
                break;
            case SessionState.TcpFinInside or SessionState.TcpFinOutside:
                bool other = fromInside == (s.State == SessionState.TcpFinOutside);
                if ((segment.Flags & (Fin | Rst)) == Fin && other && inWindow)
                    s.State = SessionState.TcpClosing;
                s.LastActive = tick;
                break;
            case SessionState.TcpClosing:
                if (fromInside && (segment.Flags & (Syn | Rst | Fin)) == Syn)
                    Reopen(ref s, segment, tick);
                break;
            case SessionState.TcpTransitory or SessionState.TcpProbed
                when fromInside && !inWindow && (segment.Flags & (Syn | Rst | Fin)) == Syn:
                Reopen(ref s, segment, tick);
                break;
            case SessionState.TcpTransitory or SessionState.TcpProbed:
                // What the inside sends is no blind attacker's: a connection whose place was lost is revived by it.
                if ((segment.Flags & Rst) == 0 && (inWindow || fromInside))
                {
                    s.State = SessionState.TcpEstablished;
                    s.LastActive = tick;
                }
                else if (inWindow)
                {
                    // A RST: both ends know that it is over.
                    s.State = SessionState.TcpTransitory;
                }

                break;
            default:
                return;
        }

        if ((segment.Flags & Rst) == 0)
            Follow(ref s, fromInside, segment);
    }

    private static void Init(ref SessionRecord s, bool fromInside, in TcpSegment segment, uint tick)
    {
        if ((segment.Flags & (Syn | Rst | Fin)) != Syn)
            return;
        bool initiator = fromInside == (s.State == SessionState.TcpInitInside);
        if (initiator)
        {
            // The SYN once more, perhaps with another number; the timer runs on.
            Rebase(ref s, fromInside, segment);
            return;
        }

        uint sent = fromInside ? s.OutsideEnd : s.InsideEnd;
        if ((segment.Flags & Ack) != 0 && sent - segment.Acknowledgment > SynDataBytesMax)
            return;
        Rebase(ref s, fromInside, segment);
        s.State = SessionState.TcpEstablished;
        s.LastActive = tick;
    }

    private static void Established(
        ref SessionRecord s, bool fromInside, in TcpSegment segment, bool inWindow, uint tick)
    {
        if ((segment.Flags & Rst) != 0)
        {
            // A RST that does not belong to the connection is no packet of it, so it refreshes nothing either.
            if (!inWindow)
                return;
            s.State = SessionState.TcpTransitory;
        }
        else if ((segment.Flags & Fin) != 0 && inWindow)
        {
            s.State = fromInside ? SessionState.TcpFinInside : SessionState.TcpFinOutside;
        }

        s.LastActive = tick;
    }

    private static void Reopen(ref SessionRecord s, in TcpSegment segment, uint tick)
    {
        if ((segment.Flags & Ack) == 0)
        {
            Open(ref s, fromInside: true, segment, tick);
            return;
        }

        // The inside accepts a connection that the outside opened on the old endpoints.
        Rebase(ref s, fromInside: true, segment);
        s.OutsideEnd = segment.Acknowledgment;
        s.State = SessionState.TcpEstablished;
        s.LastActive = tick;
    }

    // A SYN sets one side's numbers and scale. Its own window is never scaled (RFC 7323 2.2).
    private static void Rebase(ref SessionRecord s, bool fromInside, in TcpSegment segment)
    {
        uint end = EndOf(segment);
        int scale = segment.WindowScale <= 14 ? segment.WindowScale : NoScale;
        int window = scale == NoScale ? segment.Window : Math.Min(ushort.MaxValue, (segment.Window >> scale) + 1);
        if (fromInside)
        {
            s.InsideEnd = end;
            s.OutsideWindow = (ushort)window;
            s.WindowScales = (byte)((s.WindowScales & 0xF0) | scale);
        }
        else
        {
            s.OutsideEnd = end;
            s.InsideWindow = (ushort)window;
            s.WindowScales = (byte)((s.WindowScales & 0x0F) | (scale << 4));
        }
    }

    // Moves the highest numbers and the largest windows on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Follow(ref SessionRecord s, bool fromInside, in TcpSegment segment)
    {
        uint end = EndOf(segment);
        if (fromInside)
        {
            int ahead = (int)(end - s.InsideEnd);
            bool lost = !Within(ahead, s.InsideWindow, (s.WindowScales >> 4) & 15, s.WindowScales & 15);
            s.InsideEnd = ahead > 0 || lost ? end : s.InsideEnd;
            s.OutsideWindow = Math.Max(s.OutsideWindow, segment.Window);
            uint known = (segment.Flags & Ack) != 0 ? segment.Acknowledgment : s.OutsideEnd;
            s.OutsideEnd = (int)(known - s.OutsideEnd) > 0 ? known : s.OutsideEnd;
            return;
        }

        int step = (int)(end - s.OutsideEnd);
        bool follows = step > 0 && Within(step, s.OutsideWindow, s.WindowScales & 15, (s.WindowScales >> 4) & 15);
        s.OutsideEnd = follows ? end : s.OutsideEnd;
        s.InsideWindow = follows || step == 0 ? Math.Max(s.InsideWindow, segment.Window) : s.InsideWindow;
    }

    private static bool IsInWindow(in SessionRecord s, bool fromInside, in TcpSegment segment)
    {
        int inside = s.WindowScales & 15;
        int outside = s.WindowScales >> 4;
        return fromInside
            ? Within((int)(segment.Sequence - s.InsideEnd), s.InsideWindow, outside, inside)
            : Within((int)(segment.Sequence - s.OutsideEnd), s.OutsideWindow, inside, outside);
    }

    // Scales count only when both sides announced one (RFC 7323 2.2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Within(int distance, ushort window, int scale, int scaleOfOther)
    {
        int shift = scale == NoScale || scaleOfOther == NoScale ? 0 : scale;
        long reach = Math.Max((long)window << shift, 1);
        return distance <= reach && distance >= -reach;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint EndOf(in TcpSegment segment) =>
        segment.Sequence + (uint)segment.PayloadLength
        + (uint)((segment.Flags >> 1) & 1) + (uint)(segment.Flags & 1);
}
