using System;
using System.Runtime.CompilerServices;

using Cgn.Testing;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Checksums;

public sealed class ChecksumDeltaTests
{
    [Fact]
    [Requirement("RFC1624-EQ3")]
    public void The_corner_case_of_RFC_1624_gives_zero_and_not_all_ones() =>
        Assert.Equal(0x0000, ChecksumDelta.Between((ushort)0x5555, (ushort)0x3285).Apply(0xDD2F));

    [Fact]
    [Requirement("RFC1624-EQ3")]
    public void Patching_a_header_equals_computing_it_anew() =>
        Gen.Select(Gen.Byte.Array[20], Gen.UInt, Gen.UInt).Sample((header, newSource, newDestination) =>
        {
            header[0] = 0x45;
            header[2] = 0;
            header[3] = 20;
            Assert.True(Ipv4View.TryOpen(header, out Ipv4View view, out _));
            view.FillHeaderChecksum();
            ChecksumDelta delta = ChecksumDelta.Between(view.Source, new Ipv4Address(newSource))
                .Add(ChecksumDelta.Between(view.Destination, new Ipv4Address(newDestination)));
            ushort patched = delta.Apply(view.HeaderChecksum);
            ushort before = view.HeaderChecksum;
            view.Source = new Ipv4Address(newSource);
            view.Destination = new Ipv4Address(newDestination);
            view.FillHeaderChecksum();
            return patched == view.HeaderChecksum && delta.Inverse().Apply(patched) == before;
        });

    [Fact]
    [Requirement("RFC5382-CKSUM")]
    public void Patching_tcp_for_address_and_port_equals_computing_it_anew() =>
        Gen.Select(Gen.Byte.Array[20, 80], Gen.UInt, Gen.UInt, Gen.UShort).Sample((segment, from, to, port) =>
        {
            segment[12] = 0x50;
            Assert.True(TcpView.TryOpen(segment, out TcpView view, out _));
            Checksum.FillTcp(segment, Pseudo(from, IpProtocol.Tcp, segment.Length));
            ushort patched = ChecksumDelta.Between(from, to).Add(ChecksumDelta.Between(view.SourcePort, port))
                .Apply(view.Checksum);
            view.SourcePort = port;
            Checksum.FillTcp(segment, Pseudo(to, IpProtocol.Tcp, segment.Length));
            return patched == view.Checksum;
        }, iter: 10_000);

    [Fact]
    [Requirement("RFC3022-S4.1-1")]
    public void Patching_udp_equals_computing_it_anew() =>
        Gen.Select(Gen.Byte.Array[8, 80], Gen.UInt, Gen.UInt, Gen.UShort).Sample((datagram, from, to, port) =>
        {
            datagram[4] = 0;
            datagram[5] = (byte)datagram.Length;
            Assert.True(UdpView.TryOpen(datagram, out UdpView view, out _));
            Checksum.FillUdp(datagram, Pseudo(from, IpProtocol.Udp, datagram.Length));
            ushort patched = ChecksumDelta.Between(from, to).Add(ChecksumDelta.Between(view.SourcePort, port))
                .ApplyUdp(view.Checksum);
            view.SourcePort = port;
            Checksum.FillUdp(datagram, Pseudo(to, IpProtocol.Udp, datagram.Length));
            return patched == view.Checksum;
        }, iter: 10_000);

    [Fact]
    [Requirement("RFC768-Z")]
    public void Udp_zero_stays_zero_and_a_result_of_zero_becomes_all_ones_for_every_checksum_and_delta()
    {
        foreach (ushort value in new ushort[] { 0, 1, 0x1234, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF })
        {
            ChecksumDelta delta = new(value);
            Assert.Equal(0, delta.ApplyUdp(0));
            for (int checksum = 1; checksum <= 0xFFFF; checksum++)
            {
                ushort plain = delta.Apply((ushort)checksum);
                Assert.Equal(plain == 0 ? 0xFFFF : plain, delta.ApplyUdp((ushort)checksum));
            }
        }
    }

    [Fact]
    [Requirement("RFC3022-S4.1-2")]
    public void A_wrong_checksum_stays_wrong_by_as_much() =>
        Gen.Select(Gen.Byte.Array[40], Gen.UShort[1, 0xFFFE], Gen.UInt).Sample((packet, error, to) =>
        {
            packet[0] = 0x45;
            packet[2] = 0;
            packet[3] = 40;
            Assert.True(Ipv4View.TryOpen(packet, out Ipv4View view, out _));
            view.FillHeaderChecksum();
            view.HeaderChecksum = Checksum.Fold((ulong)view.HeaderChecksum + error);
            bool wrongBefore = !view.IsHeaderChecksumRight;
            view.HeaderChecksum = ChecksumDelta.Between(view.Source.Value, to).Apply(view.HeaderChecksum);
            view.Source = new Ipv4Address(to);
            return wrongBefore && !view.IsHeaderChecksumRight;
        });

    [Fact]
    public void A_value_at_an_odd_offset_touches_two_words() =>
        Gen.Select(Gen.Byte.Array[4, 60], Gen.Int[0, 58], Gen.UShort).Sample((bytes, where, value) =>
        {
            int offset = 2 + where % (bytes.Length - 3);
            Checksum.FillIcmp(bytes.AsSpan());
            if (offset < 4)
                return true;
            ushort checksum = (ushort)((bytes[2] << 8) | bytes[3]);
            ushort old = (ushort)((bytes[offset] << 8) | bytes[offset + 1]);
            ushort patched = ChecksumDelta.BetweenAt(offset, old, value).Apply(checksum);
            bytes[offset] = (byte)(value >> 8);
            bytes[offset + 1] = (byte)value;
            (bytes[2], bytes[3]) = ((byte)(patched >> 8), (byte)patched);
            return Checksum.IsRight(bytes);
        });

    [Fact]
    public void Deltas_add_in_any_order_and_the_default_changes_nothing() =>
        Gen.Select(Gen.UShort, Gen.UShort, Gen.UShort).Sample((first, second, checksum) =>
        {
            ChecksumDelta a = new(first);
            ChecksumDelta b = new(second);
            return a.Add(b) == b.Add(a) && default(ChecksumDelta).Apply(checksum) == checksum
                && a.Add(default) == a
                && b.Apply(a.Apply(checksum)) % 0xFFFF == a.Add(b).Apply(checksum) % 0xFFFF;
        });

    [Fact]
    public void A_delta_takes_two_bytes_of_a_record() => Assert.Equal(2, Unsafe.SizeOf<ChecksumDelta>());

    private static ushort Pseudo(uint source, IpProtocol protocol, int length) =>
        Checksum.PseudoHeader(new Ipv4Address(source), Golden.Remote, protocol, length);
}
