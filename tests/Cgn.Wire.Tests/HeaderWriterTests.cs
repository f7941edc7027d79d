using System;
using System.Linq;

using Xunit;

namespace Cgn.Wire.Tests;

public sealed class HeaderWriterTests
{
    [Fact]
    public void Writers_write_every_byte_of_their_header_and_none_behind_it()
    {
        Check(new EthernetHeader { EtherType = EtherTypes.Ipv4 }.Write);
        Check(new EthernetHeader { EtherType = EtherTypes.Ipv4, OuterVlan = 1 }.Write);
        Check(new EthernetHeader { EtherType = EtherTypes.Ipv4, OuterVlan = 1, InnerVlan = 2 }.Write);
        Check(new Ipv4Header { Ttl = 1 }.Write);
        Check(bytes => new Ipv4Header { Ttl = 1 }.Write(bytes, new byte[40]));
        Check(new Ipv6Header { HopLimit = 1 }.Write);
        Check(new Ipv6FragmentHeader { Identification = 1 }.Write);
        Check(new UdpHeader { SourcePort = 1 }.Write);
        Check(new TcpHeader { SourcePort = 1 }.Write);
        Check(bytes => new TcpHeader { SourcePort = 1 }.Write(bytes, new byte[40]));
        Check(new IcmpHeader { Type = 8 }.Write);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(41)]
    [InlineData(44)]
    public void Options_that_no_header_can_hold_are_refused(int length)
    {
        byte[] buffer = new byte[100];
        Assert.Throws<ArgumentException>(() => new Ipv4Header().Write(buffer, new byte[length]));
        Assert.Throws<ArgumentException>(() => new TcpHeader().Write(buffer, new byte[length]));
        Assert.All(buffer, b => Assert.Equal(0, b));
    }

    private delegate int Writer(Span<byte> destination);

    /// <summary>Two different kinds of dirt: a byte that differs afterwards was not written.</summary>
    private static void Check(Writer write)
    {
        byte[] first = Golden.Dirty(80);
        byte[] second = [.. Enumerable.Repeat((byte)0x5A, 80)];
        int length = write(first);
        Assert.Equal(length, write(second));
        Assert.Equal(first[..length], second[..length]);
        Assert.All(first[length..], b => Assert.Equal(Golden.Dirt, b));
        Assert.All(second[length..], b => Assert.Equal(0x5A, b));
        byte[] exact = Golden.Dirty(length);
        Assert.Equal(length, write(exact));
        Assert.Equal(first[..length], exact);
    }
}
