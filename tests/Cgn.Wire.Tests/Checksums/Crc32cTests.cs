using Xunit;

namespace Cgn.Wire.Tests.Checksums;

public sealed class Crc32cTests
{
    [Fact]
    public void The_check_value_of_the_polynomial_comes_out() =>
        Assert.Equal(0xE3069283u, Crc32c.Compute("123456789"u8));

    [Fact]
    public void The_iscsi_vectors_of_RFC_3720_come_out()
    {
        byte[] bytes = new byte[32];
        Assert.Equal(0x8A9136AAu, Crc32c.Compute(bytes));
        System.Array.Fill(bytes, (byte)0xFF);
        Assert.Equal(0x62A8AB43u, Crc32c.Compute(bytes));
        for (int i = 0; i < 32; i++)
            bytes[i] = (byte)i;
        Assert.Equal(0x46DD794Eu, Crc32c.Compute(bytes));
    }

    [Fact]
    public void A_filled_sctp_packet_verifies_until_a_bit_changes()
    {
        byte[] packet = [0x13, 0x88, 0x13, 0x89, 1, 2, 3, 4, 9, 9, 9, 9, 10, 0, 0, 5, 1];
        Crc32c.FillSctp(packet);
        Assert.True(Crc32c.IsSctpRight(packet));
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Crc32c.IsSctpRight(packet));
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
