using System;

using BenchmarkDotNet.Attributes;

using Cgn.Wire;

namespace Cgn.Benchmarks;

/// <summary>Opening what every packet is made of.</summary>
[MemoryDiagnoser]
public class ParsingBenchmarks
{
    private byte[] _frame = [];

    [GlobalSetup]
    public void Setup()
    {
        byte[] datagram = new byte[UdpHeader.Size + 18];
        new UdpHeader { SourcePort = 1000, DestinationPort = 53, PayloadLength = 18 }.Write(datagram);
        Ipv4Header inner = new()
        {
            PayloadLength = datagram.Length,
            Ttl = 64,
            Protocol = IpProtocol.Udp,
            Source = new Ipv4Address(0x0A000001),
            Destination = new Ipv4Address(0xC6336401),
        };
        Ipv6Header outer = new()
        {
            PayloadLength = Ipv4Header.Size + datagram.Length,
            NextHeader = IpProtocol.Ipv4,
            HopLimit = 64,
            Source = Ipv6Address.Parse("2001:db8:100::2"),
            Destination = Ipv6Address.Parse("2001:db8:ffff::1"),
        };
        EthernetHeader ethernet = new() { EtherType = EtherTypes.Ipv6 };
        _frame = new byte[ethernet.Size + Ipv6Header.Size + Ipv4Header.Size + datagram.Length];
        int at = ethernet.Write(_frame);
        at += outer.Write(_frame.AsSpan(at));
        at += inner.Write(_frame.AsSpan(at));
        datagram.CopyTo(_frame.AsSpan(at));
    }

    [Benchmark]
    public int SoftwireUdp()
    {
        if (!EthernetView.TryOpen(_frame, out EthernetView ethernet, out _)
            || !Ipv6View.TryOpen(ethernet.Payload, out Ipv6View outer, out _))
            return 0;
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(outer.Packet);
        return Ipv4View.TryOpenVerified(outer.Packet[walk.Offset..], out Ipv4View inner, out _)
            && UdpView.TryOpen(inner.Payload, out UdpView udp, out _)
            ? udp.SourcePort
            : 0;
    }
}
