using System;
using System.IO;

using Cgn.Cli.Sample;
using Cgn.Ports.Capture;

using PacketDotNet;

using SharpPcap;
using SharpPcap.LibPcap;

using Xunit;

namespace Cgn.Cli.Tests;

public sealed class SampleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cgn-sample-");

    [Fact]
    public void A_sample_decodes_with_every_checksum_right()
    {
        using CaptureFileReaderDevice capture = new(Write("sample.pcap", clients: 3));
        capture.Open();
        int packets = 0;
        DateTime before = default;
        while (capture.GetNextPacket(out PacketCapture one) == GetPacketStatus.PacketRead)
        {
            RawCapture raw = one.GetPacket();
            IPv4Packet ipv4 = raw.GetPacket().Extract<IPv4Packet>();
            Assert.True(ipv4.ValidIPChecksum);
            Assert.True(ipv4.Extract<TcpPacket>()?.ValidTcpChecksum ?? true);
            bool whole = (ipv4.FragmentFlags & 1) == 0 && ipv4.FragmentOffset == 0;
            Assert.True(!whole || (ipv4.Extract<UdpPacket>()?.ValidUdpChecksum ?? true));
            Assert.True(raw.Timeval.Date > before);
            before = raw.Timeval.Date;
            packets++;
        }

        Assert.True(packets > 3 * 60, $"{packets} packets");
    }

    [Fact]
    public void The_same_sample_has_the_same_bytes() =>
        Assert.Equal(File.ReadAllBytes(Write("a.pcap", 2)), File.ReadAllBytes(Write("b.pcap", 2)));

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, int clients)
    {
        using CaptureWriter writer = new(Path.Combine(_folder.FullName, name));
        SampleTraffic traffic = new(writer);
        for (int client = 0; client < clients; client++)
            traffic.WriteClient(client);
        writer.Complete();
        return writer.Path;
    }
}
