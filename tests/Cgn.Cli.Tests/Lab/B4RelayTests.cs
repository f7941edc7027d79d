using System;
using System.Buffers.Binary;

using Cgn.Cli.Lab.B4;

using CsCheck;

using Xunit;

namespace Cgn.Cli.Tests.Lab;

public sealed class B4RelayTests
{
    [Fact]
    public void Limit_header_is_a_whole_options_header_with_the_limit_first()
    {
        byte[] header = B4Relay.LimitHeader(4);

        // RFC 2473 section 5.1: option 4, one byte long; RFC 8200 section 4.2: padded to a multiple of 8 bytes.
        Assert.Equal(B4Options.LimitHeaderBytes, header.Length);
        Assert.Equal((header[1] + 1) * 8, header.Length);
        Assert.Equal([4, 1, 4], header[2..5]);
        Assert.Equal([1, 1, 0], header[5..8]);
    }

    [Fact]
    public void Length_is_the_header_s_own_when_the_packet_is_whole() =>
        Gen.Select(Gen.Int[5, 15], Gen.Int[0, 1400], Gen.Int[0, 40]).Sample((words, payload, padding) =>
        {
            byte[] packet = new byte[(words * 4) + payload + padding];
            packet[0] = (byte)(0x40 | words);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((words * 4) + payload));
            Assert.Equal((words * 4) + payload, B4Relay.Ipv4Length(packet));
        });

    [Fact]
    public void Anything_else_is_refused_and_nothing_is_read_beyond_the_end() =>
        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            int length = B4Relay.Ipv4Length(bytes);
            bool whole = bytes.Length >= 20 && bytes[0] >> 4 == 4 && (bytes[0] & 15) >= 5
                && ((bytes[2] << 8) | bytes[3]) >= (bytes[0] & 15) * 4 && ((bytes[2] << 8) | bytes[3]) <= bytes.Length;
            Assert.Equal(whole ? (bytes[2] << 8) | bytes[3] : 0, length);
        });
}
