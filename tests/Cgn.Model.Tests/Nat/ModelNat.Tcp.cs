using System;

using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

// TCP connections (RFC 7857 section 2, figure 1), and which segments belong to them.
internal sealed partial class ModelNat
{
    private const int Fin = 1;
    private const int Syn = 2;
    private const int Rst = 4;
    private const int Ack = 16;

    private static int FlagsOf(Datagram p) => p.PayloadLength < 20 ? 0 : p.TcpFlags;

    private static bool IsOpening(Datagram p) => !p.IsLater && (FlagsOf(p) & (Syn | Ack | Rst | Fin)) == Syn;

    private static uint SequenceOf(Datagram p) => Bytes.Get32(p.Bytes, p.HeaderLength + 4);

    private static uint AcknowledgmentOf(Datagram p) => Bytes.Get32(p.Bytes, p.HeaderLength + 8);

    private static int WindowOf(Datagram p) => Bytes.Get16(p.Bytes, p.HeaderLength + 14);

    private static uint EndOf(Datagram p)
    {
        int flags = FlagsOf(p);
        int data = Math.Max(0, p.PayloadLength - ((p.Bytes[p.HeaderLength + 12] >> 4) * 4));
        return SequenceOf(p) + (uint)data + ((flags & Syn) != 0 ? 1u : 0) + ((flags & Fin) != 0 ? 1u : 0);
    }

    private void Observe(ModelSession s, bool fromInside, Datagram p)
    {
        if (p.PayloadLength < 20)
            throw new ModelException("a segment without a header was carried");
        TcpSide sender = fromInside ? s.Inside : s.Outside;
        TcpSide other = fromInside ? s.Outside : s.Inside;
        int flags = FlagsOf(p);
        bool belongs = IsWithin((int)(SequenceOf(p) - sender.End), other, sender);
        switch (s.State)
        {
            case SessionState.TcpInitInside or SessionState.TcpInitOutside:
                Opening(s, fromInside, p);
                return;
            case SessionState.TcpEstablished:
                if ((flags & Rst) != 0 && !belongs)
                    return;
                if ((flags & Rst) != 0)
                    s.State = SessionState.TcpTransitory;
                else if ((flags & Fin) != 0 && belongs)
                    s.State = fromInside ? SessionState.TcpFinInside : SessionState.TcpFinOutside;
                s.LastActive = _tick;
                break;
            case SessionState.TcpFinInside or SessionState.TcpFinOutside:
                bool isOther = fromInside == (s.State == SessionState.TcpFinOutside);
                if ((flags & (Fin | Rst)) == Fin && isOther && belongs)
                    s.State = SessionState.TcpClosing;
                s.LastActive = _tick;
                break;
            case SessionState.TcpClosing:
                if (fromInside && (flags & (Syn | Rst | Fin)) == Syn)
                    Reopen(s, p);
                break;
            case SessionState.TcpTransitory:
                bool isAnother = fromInside && !belongs && (flags & (Syn | Rst | Fin)) == Syn;
                if (isAnother)
                {
                    Reopen(s, p);
                }
                else if ((flags & Rst) == 0 && (belongs || fromInside))
                {
                    s.State = SessionState.TcpEstablished;
                    s.LastActive = _tick;
                }

                break;
        }

        if ((flags & Rst) == 0)
            Follow(s, fromInside, p);
    }

    private void Opening(ModelSession s, bool fromInside, Datagram p)
    {
        int flags = FlagsOf(p);
        if ((flags & (Syn | Rst | Fin)) != Syn)
            return;
        bool isInitiator = fromInside == (s.State == SessionState.TcpInitInside);
        TcpSide sender = fromInside ? s.Inside : s.Outside;
        TcpSide other = fromInside ? s.Outside : s.Inside;
        // An answer acknowledges the SYN, perhaps without the data that came with it (RFC 7413).
        if (!isInitiator && (flags & Ack) != 0 && other.End - AcknowledgmentOf(p) > 0xFFFF)
            return;
        TakeSyn(sender, p);
        if (isInitiator)
            return;
        s.State = SessionState.TcpEstablished;
        s.LastActive = _tick;
    }

    // A SYN from inside on a connection whose sides have both said goodbye: the endpoints are used again.
    private void Reopen(ModelSession s, Datagram p)
    {
        bool accepts = (FlagsOf(p) & Ack) != 0;
        if (!accepts)
        {
            s.Outside.End = 0;
            s.Outside.Window = 0;
            s.Outside.Scale = null;
        }

        TakeSyn(s.Inside, p);
        if (accepts)
            s.Outside.End = AcknowledgmentOf(p);
        s.State = accepts ? SessionState.TcpEstablished : SessionState.TcpInitInside;
        s.LastActive = _tick;
    }

    // A SYN's own window is never scaled (RFC 7323 2.2).
    private static void TakeSyn(TcpSide side, Datagram p)
    {
        int at = TcpOption(p, 3, 3);
        side.End = EndOf(p);
        side.Scale = at == 0 ? null : Math.Min((int)p.Bytes[at], 14);
        side.Window = side.Scale is int scale ? Math.Min(0xFFFF, (WindowOf(p) >> scale) + 1) : WindowOf(p);
    }

    // A segment belongs to a connection when it lies within the window that the other side has offered; scales count
    // when both have announced one.
    private static bool IsWithin(int distance, TcpSide offering, TcpSide sending)
    {
        int shift = offering.Scale is int scale && sending.Scale is not null ? scale : 0;
        long reach = Math.Max((long)offering.Window << shift, 1);
        return distance <= reach && distance >= -reach;
    }

    // The inside's word on where it is counts; the outside's when it follows from what is known.
    private static void Follow(ModelSession s, bool fromInside, Datagram p)
    {
        uint end = EndOf(p);
        if (fromInside)
        {
            int ahead = (int)(end - s.Inside.End);
            if (ahead > 0 || !IsWithin(ahead, s.Outside, s.Inside))
                s.Inside.End = end;
            s.Inside.Window = Math.Max(s.Inside.Window, WindowOf(p));
            if ((FlagsOf(p) & Ack) != 0 && (int)(AcknowledgmentOf(p) - s.Outside.End) > 0)
                s.Outside.End = AcknowledgmentOf(p);
            return;
        }

        int step = (int)(end - s.Outside.End);
        bool follows = step > 0 && IsWithin(step, s.Inside, s.Outside);
        if (follows)
            s.Outside.End = end;
        if (follows || step == 0)
            s.Outside.Window = Math.Max(s.Outside.Window, WindowOf(p));
    }
}
