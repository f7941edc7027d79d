using System;
using System.Collections.Generic;
using System.IO;

using Cgn.Wire.Tests.Fuzz;

using PacketDotNet;

using Xunit;

namespace Cgn.Wire.Tests;

/// <summary>Real traffic: another decoder must see what we see, and the fuzz target must survive it.</summary>
public sealed class CaptureTests
{
    private const int FramesMax = 500;

    [SkippableFact]
    public void Another_decoder_agrees_about_real_packets()
    {
        string? folder = CaptureFrames.Folder();
        Skip.If(folder is null, CaptureFrames.Missing);
        int compared = 0;
        foreach (string path in Directory.GetFiles(folder))
        {
            List<byte[]> frames = CaptureFrames.Read(path);
            for (int frame = 0; frame < Math.Min(frames.Count, FramesMax); frame++)
            {
                if (Compare(frames[frame]) is { } difference)
                    Assert.Fail($"{Path.GetFileName(path)}, frame {frame + 1}: {difference}");
                compared++;
            }
        }

        Assert.True(compared > 1000, $"only {compared} frames were compared");
    }

    [SkippableFact]
    public void The_fuzz_target_survives_real_packets()
    {
        string? folder = CaptureFrames.Folder();
        Skip.If(folder is null, CaptureFrames.Missing);
        foreach (string path in Directory.GetFiles(folder))
        {
            List<byte[]> frames = CaptureFrames.Read(path);
            for (int frame = 0; frame < Math.Min(frames.Count, FramesMax / 5); frame++)
                WireFuzzTarget.Walk(frames[frame]);
        }
    }

    /// <summary>Null when both agree, or what they see differently. Packets that we refuse are not compared.</summary>
    private static string? Compare(byte[] frame)
    {
        if (!EthernetView.TryOpen(frame, out EthernetView ethernet, out _)
            || ethernet.EtherType != EtherTypes.Ipv4
            || !Ipv4View.TryOpen(ethernet.Payload, out Ipv4View view, out _))
            return null;
        IPv4Packet other = Packet.ParsePacket(LinkLayers.Ethernet, frame).Extract<IPv4Packet>();
        string ours = $"{view.Source} > {view.Destination} {(int)view.Protocol} {view.Ttl} {view.Identification}"
            + $" {view.TotalLength} {view.FragmentOffsetBytes} {view.IsHeaderChecksumRight}";
        string theirs = $"{other.SourceAddress} > {other.DestinationAddress} {(int)other.Protocol} {other.TimeToLive}"
            + $" {other.Id} {other.TotalLength} {other.FragmentOffset * 8} {other.ValidIPChecksum}";
        if (ours != theirs)
            return $"we see {ours}, they see {theirs}";
        return view.IsFragment ? null : CompareTransport(view, other);
    }

    private static string? CompareTransport(Ipv4View view, IPv4Packet other)
    {
        if (view.Protocol == IpProtocol.Tcp && TcpView.TryOpen(view.Payload, out TcpView tcp, out _))
        {
            string ours = $"{tcp.SourcePort} {tcp.DestinationPort} {tcp.Sequence} {tcp.Acknowledgment} {tcp.Window}"
                + $" {(int)tcp.Flags} {tcp.Payload.Length} {Checksum.IsRight(tcp.Segment, view.PseudoHeaderSum())}";
            TcpPacket their = (TcpPacket)other.PayloadPacket;
            string theirs = $"{their.SourcePort} {their.DestinationPort} {their.SequenceNumber}"
                + $" {their.AcknowledgmentNumber} {their.WindowSize} {their.Flags & 0xFF}"
                + $" {their.PayloadData?.Length ?? 0} {their.ValidTcpChecksum}";
            return ours == theirs ? null : $"we see {ours}, they see {theirs}";
        }

        // Where the length field is below the IP payload, the other decoder tells the payload's length and no verdict.
        if (view.Protocol == IpProtocol.Udp && UdpView.TryOpen(view.Payload, out UdpView udp, out _)
            && udp.Length == view.Payload.Length)
        {
            string ours = $"{udp.SourcePort} {udp.DestinationPort} {udp.Length}"
                + $" {Checksum.IsUdpRight(udp.Datagram, view.PseudoHeaderSum())}";
            UdpPacket their = (UdpPacket)other.PayloadPacket;
            bool right = their.Checksum == 0 || their.ValidUdpChecksum;
            string theirs = $"{their.SourcePort} {their.DestinationPort} {their.Length} {right}";
            return ours == theirs ? null : $"we see {ours}, they see {theirs}";
        }

        return null;
    }
}
