using Cgn.Contract.Records;
using Cgn.Testing;
using Cgn.Wire;

using CsCheck;

using Xunit;

using static Cgn.Contract.Records.SessionState;

namespace Cgn.Nat.Tests;

/// <summary>Every arc of RFC 7857 figure 1, and what an outsider who sees nothing can do to it.</summary>
public sealed partial class TcpTrackerTests
{
    private const TcpFlags Syn = TcpFlags.Syn;
    private const TcpFlags SynAck = TcpFlags.Syn | TcpFlags.Ack;
    private const TcpFlags Ack = TcpFlags.Ack;
    private const TcpFlags Rst = TcpFlags.Rst;
    private const TcpFlags Fin = TcpFlags.Fin | TcpFlags.Ack;
    private const uint Born = 100;
    private const uint Now = 900;
    private const uint InsideStart = 0xFFFF_FF00;
    private const uint OutsideStart = 0x7000_0000;

    [Theory]
    [Requirement("RFC7857-S2-1")]
    // from, inside sends, flags, to, timer starts anew
    [InlineData(TcpInitInside, false, SynAck, TcpEstablished, true)]
    [InlineData(TcpInitInside, false, Syn, TcpEstablished, true)]
    [InlineData(TcpInitOutside, true, SynAck, TcpEstablished, true)]
    [InlineData(TcpInitOutside, true, Syn, TcpEstablished, true)]
    [InlineData(TcpInitInside, true, Syn, TcpInitInside, false)]
    [InlineData(TcpInitInside, true, Ack, TcpInitInside, false)]
    [InlineData(TcpInitInside, false, Ack, TcpInitInside, false)]
    [InlineData(TcpInitInside, false, Rst, TcpInitInside, false)]
    [InlineData(TcpInitInside, true, Rst, TcpInitInside, false)]
    [InlineData(TcpInitInside, true, Fin, TcpInitInside, false)]
    [InlineData(TcpInitOutside, false, Syn, TcpInitOutside, false)]
    [InlineData(TcpInitOutside, true, Rst, TcpInitOutside, false)]
    [InlineData(TcpInitOutside, false, Ack, TcpInitOutside, false)]
    [InlineData(TcpEstablished, true, Fin, TcpFinInside, true)]
    [InlineData(TcpEstablished, false, Fin, TcpFinOutside, true)]
    [InlineData(TcpEstablished, true, Rst, TcpTransitory, true)]
    [InlineData(TcpEstablished, false, Rst, TcpTransitory, true)]
    [InlineData(TcpEstablished, true, Ack, TcpEstablished, true)]
    [InlineData(TcpEstablished, false, Ack, TcpEstablished, true)]
    [InlineData(TcpEstablished, true, Syn, TcpEstablished, true)]
    [InlineData(TcpFinInside, false, Fin, TcpClosing, true)]
    [InlineData(TcpFinOutside, true, Fin, TcpClosing, true)]
    [InlineData(TcpFinInside, true, Fin, TcpFinInside, true)]
    [InlineData(TcpFinOutside, false, Fin, TcpFinOutside, true)]
    [InlineData(TcpFinInside, false, Ack, TcpFinInside, true)]
    [InlineData(TcpFinInside, true, Ack, TcpFinInside, true)]
    [InlineData(TcpFinOutside, true, Ack, TcpFinOutside, true)]
    [InlineData(TcpFinOutside, false, Ack, TcpFinOutside, true)]
    [InlineData(TcpFinInside, true, Rst, TcpFinInside, true)]
    [InlineData(TcpClosing, true, Ack, TcpClosing, false)]
    [InlineData(TcpClosing, false, Ack, TcpClosing, false)]
    [InlineData(TcpClosing, true, Fin, TcpClosing, false)]
    [InlineData(TcpClosing, false, Rst, TcpClosing, false)]
    [InlineData(TcpClosing, false, Syn, TcpClosing, false)]
    [InlineData(TcpTransitory, true, Rst, TcpTransitory, false)]
    [InlineData(TcpTransitory, false, Rst, TcpTransitory, false)]
    [InlineData(TcpTransitory, true, Ack, TcpEstablished, true)]
    [InlineData(TcpTransitory, false, Ack, TcpEstablished, true)]
    [InlineData(TcpTransitory, false, Fin, TcpEstablished, true)]
    [InlineData(TcpProbed, true, Ack, TcpEstablished, true)]
    [InlineData(TcpProbed, false, Ack, TcpEstablished, true)]
    [InlineData(TcpProbed, true, Rst, TcpTransitory, false)]
    [InlineData(TcpProbed, false, Rst, TcpTransitory, false)]
    public void Arc_leads_where_the_figure_says(
        SessionState from, bool fromInside, TcpFlags flags, SessionState to, bool refreshed)
    {
        SessionRecord s = In(from);
        TcpTracker.Observe(ref s, fromInside, Next(s, fromInside, flags), Now);
        Assert.Equal(to, s.State);
        Assert.Equal(refreshed ? Now : Born, s.LastActive);
    }

    [Theory]
    [Requirement("RFC5382-S9-1")]
    [InlineData(TcpEstablished, Rst, TcpEstablished)]
    [InlineData(TcpEstablished, Fin, TcpEstablished)]
    [InlineData(TcpFinInside, Fin, TcpFinInside)]
    [InlineData(TcpEstablished, SynAck, TcpEstablished)]
    [InlineData(TcpEstablished, Syn, TcpEstablished)]
    [InlineData(TcpFinInside, Rst, TcpFinInside)]
    [InlineData(TcpTransitory, Ack, TcpTransitory)]
    [InlineData(TcpTransitory, SynAck, TcpTransitory)]
    [InlineData(TcpProbed, Ack, TcpProbed)]
    [InlineData(TcpProbed, Rst, TcpProbed)]
    [InlineData(TcpClosing, Syn, TcpClosing)]
    [InlineData(TcpInitInside, SynAck, TcpInitInside)]
    public void Blind_outsider_changes_no_state(SessionState from, TcpFlags flags, SessionState to) =>
        Gen.UInt.Sample(
            guess =>
            {
                SessionRecord s = In(from);
                TcpSegment segment = Next(s, false, flags);
                segment.Sequence = OutsideStart + 0x2_0000 + (guess % 0xFFFC_0000);
                segment.Acknowledgment = InsideStart + 2 + (guess % 0xFFFE_0000);
                (uint Inside, uint Outside) numbers = (s.InsideEnd, s.OutsideEnd);
                TcpTracker.Observe(ref s, false, segment, Now);
                return s.State == to && (s.InsideEnd, s.OutsideEnd) == numbers;
            },
            iter: 2000);

    [Fact]
    [Requirement("RFC5382-S9-1")]
    public void Reset_out_of_window_does_not_refresh_either()
    {
        SessionRecord s = In(TcpEstablished);
        TcpSegment reset = Next(s, false, Rst);
        reset.Sequence += 1_000_000;
        TcpTracker.Observe(ref s, false, reset, Now);
        Assert.Equal((TcpEstablished, Born), (s.State, s.LastActive));
    }

    [Fact]
    public void Junk_from_outside_does_not_move_the_window_to_where_a_reset_would_count()
    {
        SessionRecord s = In(TcpEstablished);
        TcpSegment junk = Next(s, false, Ack);
        junk.Sequence += 1_000_000;
        TcpTracker.Observe(ref s, false, junk, Now);
        junk.Flags = (byte)Rst;
        TcpTracker.Observe(ref s, false, junk, Now);
        Assert.Equal(TcpEstablished, s.State);
    }

    [Fact]
    [Requirement("RFC7857-S2.2-2")]
    public void Data_after_a_reset_brings_the_connection_back()
    {
        SessionRecord s = In(TcpEstablished);
        TcpTracker.Observe(ref s, false, Next(s, false, Rst), Now);
        Assert.Equal(TcpTransitory, s.State);
        TcpTracker.Observe(ref s, true, Next(s, true, Ack), Now + 5);
        Assert.Equal((TcpEstablished, Now + 5), (s.State, s.LastActive));
    }

    [Fact]
    [Requirement("RFC5382-REQ-2a")]
    public void Simultaneous_open_is_established()
    {
        SessionRecord s = Opened(true);
        TcpTracker.Observe(ref s, false, Segment(Syn, OutsideStart, 0), Now);
        TcpTracker.Observe(ref s, true, Segment(SynAck, InsideStart, OutsideStart + 1), Now);
        TcpTracker.Observe(ref s, false, Segment(SynAck, OutsideStart, InsideStart + 1), Now);
        Assert.Equal(TcpEstablished, s.State);
    }

    [Fact]
    [Requirement("RFC5382-REQ-2")]
    public void Fast_open_data_in_the_syn_may_be_acknowledged_or_not()
    {
        foreach (uint acknowledged in new uint[] { 1, 1201 })
        {
            SessionRecord s = default;
            TcpSegment syn = Segment(Syn, InsideStart, 0);
            syn.PayloadLength = 1200;
            TcpTracker.Open(ref s, true, syn, Born);
            TcpTracker.Observe(ref s, false, Segment(SynAck, OutsideStart, InsideStart + acknowledged), Now);
            Assert.Equal(TcpEstablished, s.State);
        }
    }

    private static SessionRecord Opened(bool fromInside)
    {
        SessionRecord s = default;
        TcpTracker.Open(ref s, fromInside, Segment(Syn, fromInside ? InsideStart : OutsideStart, 0), Born);
        return s;
    }

    private static SessionRecord In(SessionState state)
    {
        SessionRecord s = Opened(state != TcpInitOutside);
        if (state is TcpInitInside or TcpInitOutside)
            return s;
        TcpTracker.Observe(ref s, false, Next(s, false, SynAck), Born);
        TcpTracker.Observe(ref s, true, Next(s, true, Ack), Born);
        (bool FromInside, TcpFlags Flags)[] way = state switch
        {
            TcpFinInside => [(true, Fin)],
            TcpFinOutside => [(false, Fin)],
            TcpClosing => [(true, Fin), (false, Fin)],
            TcpTransitory => [(true, Rst)],
            _ => [],
        };
        if (state == TcpProbed)
            s.State = TcpProbed;
        foreach ((bool fromInside, TcpFlags flags) in way)
            TcpTracker.Observe(ref s, fromInside, Next(s, fromInside, flags), Born);
        Assert.Equal(state, s.State);
        return s;
    }

    // The segment that this side would send next.
    private static TcpSegment Next(in SessionRecord s, bool fromInside, TcpFlags flags)
    {
        bool isFirst = s.State == (fromInside ? TcpInitOutside : TcpInitInside);
        uint mine = fromInside ? isFirst ? InsideStart : s.InsideEnd : isFirst ? OutsideStart : s.OutsideEnd;
        return Segment(flags, mine, fromInside ? s.OutsideEnd : s.InsideEnd);
    }

    private static TcpSegment Segment(TcpFlags flags, uint sequence, uint acknowledgment) =>
        Bench.Segment(flags, sequence, flags.HasFlag(TcpFlags.Ack) ? acknowledgment : 0);

    private sealed class Peers(uint inside, uint outside, byte scale)
    {
        private uint _inside = inside;
        private uint _outside = outside;

        internal TcpSegment Send(bool fromInside, TcpFlags flags, int length)
        {
            ref uint mine = ref fromInside ? ref _inside : ref _outside;
            TcpSegment segment = Bench.Segment(
                flags, mine, flags.HasFlag(TcpFlags.Ack) ? fromInside ? _outside : _inside : 0, length);
            segment.WindowScale = flags.HasFlag(TcpFlags.Syn) ? scale : TcpSegment.NoWindowScale;
            segment.Window = (ushort)(flags.HasFlag(TcpFlags.Syn) ? ushort.MaxValue : ushort.MaxValue >> scale);
            mine += (uint)length + (flags.HasFlag(TcpFlags.Syn) || flags.HasFlag(TcpFlags.Fin) ? 1u : 0u);
            return segment;
        }
    }
}
