using System;
using System.Linq;

using Cgn.Testing;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Checksums;

public sealed class ChecksumTests
{
    [Fact]
    public void The_example_of_RFC_1071_sums_to_ddf2() =>
        Assert.Equal(0xDDF2, Checksum.Sum([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]));

    [Fact]
    public void Every_length_and_alignment_sums_as_word_by_word()
    {
        Random random = new(1);
        byte[] bytes = new byte[700];
        random.NextBytes(bytes);
        for (int start = 0; start < 9; start++)
        {
            for (int length = 0; length <= 600; length++)
                Assert.Equal(Slow(bytes.AsSpan(start, length)), Checksum.Sum(bytes.AsSpan(start, length)));
        }
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x00)]
    [InlineData(0x80)]
    public void Extreme_bytes_of_great_length_do_not_lose_a_carry(byte value)
    {
        byte[] bytes = new byte[4_000_001];
        Array.Fill(bytes, value);
        Assert.Equal(Slow(bytes), Checksum.Sum(bytes));
    }

    [Fact]
    public void A_sum_may_be_taken_in_even_parts() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 100]).Sample(
        (bytes, words) =>
        {
            int cut = Math.Min(words * 2, bytes.Length & ~1);
            return Checksum.Sum(bytes.AsSpan(cut), Checksum.Sum(bytes.AsSpan(0, cut))) == Checksum.Sum(bytes);
        });

    [Fact]
    public void What_is_filled_in_verifies_and_any_changed_bit_does_not() =>
        Gen.Select(Gen.Byte.Array[20, 200], Gen.Int[0, int.MaxValue]).Sample((segment, where) =>
        {
            ushort pseudo = Checksum.PseudoHeader(Golden.Internal, Golden.Remote, IpProtocol.Tcp, segment.Length);
            Checksum.FillTcp(segment, pseudo);
            bool right = Checksum.IsRight(segment, pseudo);
            segment[where % segment.Length] ^= (byte)(1 << (where % 8));
            return right && !Checksum.IsRight(segment, pseudo);
        });

    [Fact]
    public void Pseudo_headers_sum_as_their_bytes_do() => Gen.Select(Gen.Byte.Array[32], Gen.Byte, Gen.UShort).Sample(
        (addresses, protocol, length) =>
        {
            byte[] tail = [0, protocol, (byte)(length >> 8), (byte)length];
            ushort v4 = Checksum.PseudoHeader(
                Ipv4Address.Read(addresses), Ipv4Address.Read(addresses.AsSpan(4)), (IpProtocol)protocol, length);
            ushort v6 = Checksum.PseudoHeader(
                Ipv6Address.Read(addresses), Ipv6Address.Read(addresses.AsSpan(16)), (IpProtocol)protocol, length);
            return v4 == Slow([.. addresses.AsSpan(0, 8), .. tail]) && v6 == Slow([.. addresses, .. tail]);
        });

    [Fact]
    [Requirement("RFC768-CKSUM")]
    [Requirement("RFC768-Z")]
    public void A_computed_udp_checksum_of_zero_goes_out_as_all_ones()
    {
        byte[] datagram = Golden.Udp(1, 2, [0, 0]);
        ushort pseudo = Checksum.PseudoHeader(Golden.Internal, Golden.Remote, IpProtocol.Udp, datagram.Length);
        // The checksum as a payload makes everything else sum to all ones.
        datagram.AsSpan(6, 2).CopyTo(datagram.AsSpan(8));
        Checksum.FillUdp(datagram, pseudo);
        Assert.Equal([0xFF, 0xFF], datagram[6..8]);
        Assert.True(Checksum.IsUdpRight(datagram, pseudo));
    }

    [Fact]
    [Requirement("RFC768-Z")]
    public void A_received_udp_checksum_of_zero_means_none()
    {
        byte[] datagram = Golden.Udp(1, 2, [1, 2, 3]);
        ushort pseudo = Checksum.PseudoHeader(Golden.Internal, Golden.Remote, IpProtocol.Udp, datagram.Length);
        Assert.True(Checksum.IsUdpRight(datagram, pseudo));
        datagram[8] ^= 1;
        Assert.False(Checksum.IsUdpRight(datagram, pseudo));
        datagram.AsSpan(6, 2).Clear();
        Assert.True(Checksum.IsUdpRight(datagram, pseudo));
    }

    [Fact]
    public void The_lengths_of_a_pseudo_header_count_beyond_32767()
    {
        byte[] datagram = Golden.Udp(1, 2, Golden.Dirty(60_000));
        ushort pseudo = Checksum.PseudoHeader(Golden.Internal, Golden.Remote, IpProtocol.Udp, datagram.Length);
        byte[] header = [10, 0, 0, 1, 198, 51, 100, 1, 0, 17, .. Big(datagram.Length)];
        Assert.Equal(0xFFFF, Slow([.. header, .. datagram]));
        Assert.True(Checksum.IsUdpRight(datagram, pseudo));
    }

    [Fact]
    public void Folding_gives_zero_only_for_zero() => Gen.ULong.Sample(sum =>
        Checksum.Fold(sum) == (sum == 0 ? 0 : sum % 0xFFFF == 0 ? 0xFFFF : (int)(sum % 0xFFFF)));

    /// <summary>The definition: words added one by one with the carry brought round.</summary>
    private static ushort Slow(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int at = 0; at < bytes.Length; at += 2)
        {
            sum += (uint)(bytes[at] << 8) | (at + 1 < bytes.Length ? bytes[at + 1] : 0u);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)sum;
    }

    private static byte[] Big(int value) => [.. BitConverter.GetBytes((ushort)value).Reverse()];
}
