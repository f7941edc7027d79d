using System;
using System.Linq;

using Xunit;

namespace Cgn.Wire.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void Parsing_and_patching_allocate_nothing()
    {
        byte[][] frames = [.. Golden.Frames().Select(golden => golden.Frame)];
        int read = 0;
        Pass(frames, ref read);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1000; round++)
            Pass(frames, ref read);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, read);
    }

    private static void Pass(byte[][] frames, ref int read)
    {
        foreach (byte[] frame in frames)
        {
            Assert.True(EthernetView.TryOpen(frame, out EthernetView ethernet, out _));
            Span<byte> packet = ethernet.Payload;
            if (Ipv6View.TryOpen(packet, out Ipv6View ipv6, out _))
            {
                Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(ipv6.Packet);
                read += (int)walk.Kind;
                packet = packet[walk.Offset..];
            }

            if (!Ipv4View.TryOpenVerified(packet, out Ipv4View ipv4, out _))
                continue;
            ChecksumDelta delta = ChecksumDelta.Between(ipv4.Source, ipv4.Destination);
            ipv4.HeaderChecksum = delta.Inverse().Apply(delta.Apply(ipv4.HeaderChecksum));
            if (TcpView.TryOpen(ipv4.Payload, out TcpView tcp, out _))
                read += tcp.ReadOptions().Mss + Checksum.Sum(ipv4.Payload);
            if (UdpView.TryOpen(ipv4.Payload, out UdpView udp, out _))
                read += udp.SourcePort;
            if (IcmpView.TryOpen(ipv4.Payload, out IcmpView icmp, out _)
                && EmbeddedPacketView.TryOpen(icmp.QuotedPacket, out EmbeddedPacketView quote, out _))
                read += quote.SourcePort;
        }
    }
}
