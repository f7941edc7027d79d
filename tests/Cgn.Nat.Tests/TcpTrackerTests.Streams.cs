using Cgn.Contract.Records;
using Cgn.Testing;

using CsCheck;

using Xunit;

using static Cgn.Contract.Records.SessionState;

namespace Cgn.Nat.Tests;

// Connections that do as they should, and those that begin anew.
public sealed partial class TcpTrackerTests
{
    [Fact]
    [Requirement("RFC5382-REQ-2")]
    public void Half_closed_connection_carries_data_and_then_closes()
    {
        SessionRecord s = In(TcpEstablished);
        TcpTracker.Observe(ref s, true, Next(s, true, Fin), Now);
        for (uint i = 1; i <= 100; i++)
        {
            TcpSegment data = Next(s, false, Ack);
            data.PayloadLength = 1400;
            TcpTracker.Observe(ref s, false, data, Now + i);
            TcpTracker.Observe(ref s, true, Next(s, true, Ack), Now + i);
            Assert.Equal((TcpFinInside, Now + i), (s.State, s.LastActive));
        }

        TcpTracker.Observe(ref s, false, Next(s, false, Fin), Now + 200);
        TcpTracker.Observe(ref s, true, Next(s, true, Ack), Now + 201);
        Assert.Equal((TcpClosing, Now + 200), (s.State, s.LastActive));
    }

    [Fact]
    public void Syn_from_inside_on_a_closed_connection_begins_a_new_one()
    {
        SessionRecord s = In(TcpClosing);
        TcpTracker.Observe(ref s, true, Segment(Syn, 42, 0), Now);
        Assert.Equal((TcpInitInside, Now), (s.State, s.LastActive));
        TcpTracker.Observe(ref s, false, Segment(SynAck, 77, 43), Now + 1);
        Assert.Equal((TcpEstablished, Now + 1), (s.State, s.LastActive));
    }

    [Theory]
    [InlineData(TcpTransitory)]
    [InlineData(TcpProbed)]
    public void Syn_with_other_numbers_after_a_reset_begins_a_new_connection(SessionState from)
    {
        SessionRecord s = In(from);
        TcpTracker.Observe(ref s, true, Segment(Syn, 0x1234_5678, 0), Now);
        Assert.Equal((TcpInitInside, Now), (s.State, s.LastActive));
        TcpTracker.Observe(ref s, false, Segment(SynAck, 77, 0x1234_5679), Now + 1);
        TcpTracker.Observe(ref s, true, Segment(Ack, 0x1234_5679, 78), Now + 1);
        TcpTracker.Observe(ref s, false, Segment(Rst, 78, 0), Now + 2);
        Assert.Equal((TcpTransitory, Now + 2), (s.State, s.LastActive));
    }

    [Fact]
    public void Inside_that_accepts_a_new_connection_after_a_reset_is_believed()
    {
        SessionRecord s = In(TcpTransitory);
        TcpTracker.Observe(ref s, false, Segment(Syn, 77, 0), Now);
        Assert.Equal((TcpTransitory, Born), (s.State, s.LastActive));
        TcpTracker.Observe(ref s, true, Segment(SynAck, 0x1234_5678, 78), Now + 1);
        Assert.Equal((TcpEstablished, Now + 1), (s.State, s.LastActive));
        TcpTracker.Observe(ref s, false, Segment(Fin, 78, 0x1234_5679), Now + 2);
        Assert.Equal(TcpFinOutside, s.State);
    }

    [Fact]
    public void Reset_far_ahead_counts_within_a_scaled_window()
    {
        (byte, SessionState)[] cases = [(7, TcpTransitory), (0, TcpEstablished)];
        foreach ((byte scale, SessionState expected) in cases)
        {
            SessionRecord s = default;
            TcpSegment syn = Segment(Syn, InsideStart, 0);
            syn.WindowScale = scale;
            TcpTracker.Open(ref s, true, syn, Born);
            TcpSegment answer = Segment(SynAck, OutsideStart, InsideStart + 1);
            answer.WindowScale = scale;
            TcpTracker.Observe(ref s, false, answer, Born);
            TcpTracker.Observe(ref s, true, Segment(Ack, InsideStart + 1, OutsideStart + 1), Born);
            TcpTracker.Observe(ref s, false, Segment(Rst, OutsideStart + 500_000, 0), Now);
            Assert.Equal(expected, s.State);
        }
    }

    [Fact]
    public void Tracking_that_lost_its_place_finds_it_again_by_what_the_inside_sends()
    {
        SessionRecord s = In(TcpEstablished);
        // A gigabyte went another way in both directions; then the inside sends and acknowledges.
        uint inside = s.InsideEnd + (1u << 30);
        uint outside = s.OutsideEnd + (1u << 30);
        TcpTracker.Observe(ref s, true, Segment(Ack, inside, outside), Now);
        TcpTracker.Observe(ref s, false, Segment(Rst, outside, 0), Now);
        Assert.Equal(TcpTransitory, s.State);
    }

    // Any conversation of two well-behaved peers ends in closing, wherever its numbers start and whoever opens and
    // closes.
    [Fact]
    [Requirement("RFC5382-REQ-2")]
    public void Well_behaved_conversation_is_followed_to_its_end() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.Bool, Gen.Bool, Gen.Int[0, 1460].Array[0, 40], Gen.Int[0, 14]).Sample(
            (inside, outside, insideOpens, insideCloses, sizes, scale) =>
            {
                Peers peers = new(inside, outside, (byte)scale);
                SessionRecord s = default;
                TcpTracker.Open(ref s, insideOpens, peers.Send(insideOpens, Syn, 0), Born);
                TcpTracker.Observe(ref s, !insideOpens, peers.Send(!insideOpens, SynAck, 0), Born);
                TcpTracker.Observe(ref s, insideOpens, peers.Send(insideOpens, Ack, 0), Born);
                Assert.Equal(TcpEstablished, s.State);
                foreach (int size in sizes)
                    TcpTracker.Observe(ref s, size % 2 == 0, peers.Send(size % 2 == 0, Ack, size), Now);
                Assert.Equal(TcpEstablished, s.State);
                TcpTracker.Observe(ref s, insideCloses, peers.Send(insideCloses, Fin, 0), Now);
                TcpTracker.Observe(ref s, !insideCloses, peers.Send(!insideCloses, Fin, 0), Now);
                return s.State == TcpClosing;
            },
            iter: 500);
}
