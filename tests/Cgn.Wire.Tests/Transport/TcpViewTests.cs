using System;

using Cgn.Testing;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Transport;

public sealed class TcpViewTests
{
    [Fact]
    public void All_fields_are_read_from_their_bits()
    {
        byte[] segment = Golden.Tcp(TcpFlags.Ack | TcpFlags.Fin, [1, 1, 1, 0], [7, 8]);
        Assert.True(TcpView.TryOpen(segment, out TcpView view, out _));
        Assert.Equal((40000, 443), (view.SourcePort, view.DestinationPort));
        Assert.Equal((0x01020304u, 0x05060708u), (view.Sequence, view.Acknowledgment));
        Assert.Equal((TcpFlags.Ack | TcpFlags.Fin, 0xFACE, 0), (view.Flags, view.Window, view.UrgentPointer));
        Assert.Equal((24, 3u), (view.HeaderLength, view.SequenceLength));
        Assert.Equal([7, 8], view.Payload.ToArray());
    }

    [Fact]
    public void Setters_write_their_own_bytes_only()
    {
        byte[] segment = new byte[20];
        segment[12] = 0x50;
        Assert.True(TcpView.TryOpen(segment, out TcpView view, out _));
        view.SourcePort = 0x1112;
        view.DestinationPort = 0x2122;
        view.Sequence = 0x31323334;
        view.Acknowledgment = 0x41424344;
        view.Flags = (TcpFlags)0x55;
        view.Window = 0x6162;
        view.Checksum = 0x7172;
        view.UrgentPointer = 0x8182;
        Assert.Equal("1112212231323334414243445055616271728182", Convert.ToHexStringLower(segment));
    }

    [Theory]
    [InlineData(TcpFlags.None, 2u)]
    [InlineData(TcpFlags.Syn, 3u)]
    [InlineData(TcpFlags.Fin | TcpFlags.Ack, 3u)]
    [InlineData(TcpFlags.Syn | TcpFlags.Fin, 4u)]
    [InlineData(TcpFlags.Rst | TcpFlags.Psh, 2u)]
    public void Syn_and_fin_each_take_a_sequence_number(TcpFlags flags, uint length)
    {
        Assert.True(TcpView.TryOpen(Golden.Tcp(flags, [], [1, 2]), out TcpView view, out _));
        Assert.Equal(length, view.SequenceLength);
    }

    [Fact]
    public void Every_data_offset_but_those_inside_the_segment_is_refused()
    {
        byte[] segment = Golden.Tcp(TcpFlags.Ack, [], Golden.Dirty(8));
        for (int words = 0; words < 16; words++)
        {
            segment[12] = (byte)(words << 4);
            bool fits = words is >= 5 and <= 7;
            Assert.Equal(fits, TcpView.TryOpen(segment, out _, out WireRefusal refusal));
            Assert.Equal(fits ? WireRefusal.None : WireRefusal.BadHeaderLength, refusal);
        }

        for (int length = 0; length < 20; length++)
        {
            Assert.False(TcpView.TryOpen(segment.AsSpan(0, length), out _, out WireRefusal refusal));
            Assert.Equal(WireRefusal.TooShort, refusal);
        }
    }

    [Theory]
    [InlineData("020405b401030307", 22, 1460, true, 7, false)]
    [InlineData("01020405b4000000", 23, 1460, false, 0, false)]
    [InlineData("0103030e020405b4", 26, 1460, true, 14, false)]
    [InlineData("030fff0203030f00", 0, 0, false, 0, true)]
    [InlineData("03030f00", 0, 0, true, 14, false)]
    [InlineData("020405b402040200", 22, 1460, false, 0, false)]
    [InlineData("0203050000000000", 0, 0, false, 0, false)]
    [InlineData("00020405b4000000", 0, 0, false, 0, false)]
    [InlineData("020405b405000000", 22, 1460, false, 0, true)]
    [InlineData("020405b401010105", 22, 1460, false, 0, true)]
    [InlineData("020405b405010000", 22, 1460, false, 0, true)]
    [InlineData("08140000", 0, 0, false, 0, true)]
    public void Options_are_found_at_any_offset(
        string hex, int mssOffset, int mss, bool hasScale, int scale, bool malformed)
    {
        byte[] segment = Golden.Tcp(TcpFlags.Syn, Convert.FromHexString(hex), []);
        Assert.True(TcpView.TryOpen(segment, out TcpView view, out _));
        TcpOptions options = view.ReadOptions();
        Assert.Equal((mssOffset, mss), (options.MssOffset, options.Mss));
        Assert.Equal((hasScale, scale, malformed), (options.HasWindowScale, options.WindowScale, options.IsMalformed));
    }

    [Theory]
    [InlineData("020405b4")]
    [InlineData("01020405b4000000")]
    [Requirement("MSS-CLAMP-1")]
    public void Clamping_the_mss_keeps_the_checksum_right_at_even_and_odd_offsets(string hex)
    {
        foreach (ushort ceiling in new ushort[] { 0, 1, 255, 256, 1220, 1459 })
        {
            byte[] segment = Golden.Tcp(TcpFlags.Syn | TcpFlags.Ack, Convert.FromHexString(hex), []);
            ushort pseudo = Checksum.PseudoHeader(Golden.Internal, Golden.Remote, IpProtocol.Tcp, segment.Length);
            Assert.True(TcpView.TryOpen(segment, out TcpView view, out _));
            Assert.True(view.ClampMss(ceiling));
            Assert.Equal(ceiling, view.ReadOptions().Mss);
            Assert.True(Checksum.IsRight(segment, pseudo));
        }
    }

    [Theory]
    [InlineData(TcpFlags.Ack, "020405b4", 1000)]
    [InlineData(TcpFlags.Syn, "020405b4", 1460)]
    [InlineData(TcpFlags.Syn, "01010101", 1000)]
    [InlineData(TcpFlags.Syn, "02060000020405b4", 1460)]
    [Requirement("MSS-CLAMP-1")]
    public void Nothing_is_clamped_without_syn_option_or_need(TcpFlags flags, string hex, ushort ceiling)
    {
        byte[] segment = Golden.Tcp(flags, Convert.FromHexString(hex), []);
        byte[] before = [.. segment];
        Assert.True(TcpView.TryOpen(segment, out TcpView view, out _));
        Assert.False(view.ClampMss(ceiling));
        Assert.Equal(before, segment);
    }

    [Fact]
    public void Any_option_bytes_can_be_walked_and_clamped() => Gen.Byte.Array[40].Sample(options =>
    {
        byte[] segment = Golden.Tcp(TcpFlags.Syn, options, []);
        ushort pseudo = Checksum.PseudoHeader(Golden.Internal, Golden.Remote, IpProtocol.Tcp, segment.Length);
        return TcpView.TryOpen(segment, out TcpView view, out _)
            && view.ClampMss(536) == (view.ReadOptions().Mss == 536 && view.ReadOptions().MssOffset != 0
                && !segment.AsSpan(20).SequenceEqual(options))
            && Checksum.IsRight(segment, pseudo);
    }, iter: 20_000);
}
