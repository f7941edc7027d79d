using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

using Cgn.Cli.Tests.Captures;
using Cgn.Cli.Translate;
using Cgn.Ports.Capture;
using Cgn.Wire;

using PacketDotNet;

using Xunit;

namespace Cgn.Cli.Tests.Translate;

public sealed class TranslateTests : IDisposable
{
    private const string Config = """
        gateway:
          name: test
          workers: 1
          seed: 7
          capacity: { subscribers: 1000, mappings: 10000, sessions: 10000 }
        ds-lite:
          aftr-ipv6-address: [2001:db8:ffff::1]
          subscriber-match: [2001:db8:100::/40]
        nat444:
          subscriber-match: [100.64.0.0/10]
        external-ip-address-pools:
          - id: p
            external-ip-pool: [203.0.113.0/28]
        plans:
          - { id: any }
        subscribers:
          default-plan: any
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("cgn").FullName;

    public TranslateTests() => File.WriteAllText(At("gateway.yaml"), Config);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_same_input_gives_the_same_bytes()
    {
        string inside = Softwires(TestCapture.OfEverything());
        Assert.Equal(0, Translate(inside, null, "1", out _, out _));
        Assert.Equal(0, Translate(inside, null, "2", out _, out _));
        byte[] first = File.ReadAllBytes(At("out1.pcap"));
        Assert.True(first.SequenceEqual(File.ReadAllBytes(At("out2.pcap"))));
        Assert.True(File.ReadAllBytes(At("in1.pcap")).SequenceEqual(File.ReadAllBytes(At("in2.pcap"))));
        Assert.True(first.Length > 2000);
    }

    [Fact]
    public void Access_lists_and_the_walled_garden_hold_here_too()
    {
        string inside = Softwires(TestCapture.OfEverything());
        Assert.Equal(0, Translate(inside, null, "1", out _, out _));
        File.WriteAllText(
            At("gateway.yaml"), Config + "\naccess-lists: { inside-deny: [{ source-ipv4-network: 0.0.0.0/0 }] }\n");
        Assert.Equal(0, Translate(inside, null, "2", out _, out _));
        File.WriteAllText(
            At("gateway.yaml"), Config.Replace("{ id: any }", "{ id: any, walled-garden: true }")
            + "\nwalled-garden: { portal: 'http://192.0.2.80/', allow: [192.0.2.80/32], allow-dns: false }\n");
        Assert.Equal(0, Translate(inside, null, "3", out _, out _));

        const int FileHeaderBytes = 24;
        Assert.NotInRange(new FileInfo(At("out1.pcap")).Length, 0, FileHeaderBytes);
        Assert.Equal(FileHeaderBytes, new FileInfo(At("out2.pcap")).Length);
        Assert.Equal(FileHeaderBytes, new FileInfo(At("out3.pcap")).Length);
        // Answers of the gateway's own: nobody else had a say.
        Assert.NotInRange(new FileInfo(At("in3.pcap")).Length, 0, FileHeaderBytes);
    }

    [Fact]
    public void Nobody_waits_for_a_radius_server_where_none_is_asked()
    {
        string inside = Softwires(TestCapture.OfEverything());
        Assert.Equal(0, Translate(inside, null, "1", out _, out _));
        File.WriteAllText(At("gateway.yaml"), Config
            + "\nradius: { authentication: { server: '192.0.2.1:1812', secret-file: none } }\n");
        Assert.Equal(0, Translate(inside, null, "2", out _, out string errors));
        Assert.Contains("no RADIUS server is asked here", errors, StringComparison.Ordinal);
        Assert.True(File.ReadAllBytes(At("out1.pcap")).SequenceEqual(File.ReadAllBytes(At("out2.pcap"))));
    }

    [Fact]
    public void What_leaves_bears_the_time_of_what_caused_it_and_decodes_elsewhere()
    {
        string inside = Softwires(TestCapture.OfEverything());
        Translate(inside, null, "", out _, out _);
        List<(long TimestampNs, byte[] Frame)> entered = Read(inside);
        List<(long TimestampNs, byte[] Frame)> left = Read(At("out.pcap"));
        Assert.NotEmpty(left);
        Assert.Subset(entered.Select(static frame => frame.TimestampNs).ToHashSet(),
            left.Select(static frame => frame.TimestampNs).ToHashSet());
        foreach ((_, byte[] frame) in left)
        {
            IPv4Packet packet = PacketDotNet.Packet.ParsePacket(LinkLayers.Ethernet, frame).Extract<IPv4Packet>();
            Assert.True(packet.ValidIPChecksum);
            Assert.StartsWith("203.0.113.", packet.SourceAddress.ToString(), StringComparison.Ordinal);
            Assert.Equal(frame.Length - 14, packet.TotalLength);
            if (packet.PayloadPacket is TcpPacket tcp)
                Assert.True(tcp.ValidChecksum);
        }
    }

    [Fact]
    public void Two_captures_enter_in_the_order_of_their_times()
    {
        using TestCapture request = new();
        request.Udp(true, 5000);
        string inside = Softwires(request);
        Translate(inside, null, "", out _, out _);
        byte[] seen = Read(At("out.pcap"))[0].Frame;
        // The reply, a second later, to where the request came from.
        using TestCapture reply = new();
        byte[] frame = [.. seen];
        seen.AsSpan(26, 4).CopyTo(frame.AsSpan(30));
        seen.AsSpan(30, 4).CopyTo(frame.AsSpan(26));
        seen.AsSpan(34, 2).CopyTo(frame.AsSpan(36));
        seen.AsSpan(36, 2).CopyTo(frame.AsSpan(34));
        reply.After(1).Frame(frame);
        Assert.Equal(0, Translate(inside, reply.Save(), "", out string output, out _));
        Assert.Equal(1, JsonDocument.Parse(output).RootElement.GetProperty("inside_out").GetInt64());
        byte[] back = Read(At("in.pcap"))[0].Frame;
        IPv6Packet outer = PacketDotNet.Packet.ParsePacket(LinkLayers.Ethernet, back).Extract<IPv6Packet>();
        Assert.Equal("2001:db8:100:100::1", outer.DestinationAddress.ToString());
    }

    [Fact]
    public void Vlan_tags_are_kept()
    {
        using TestCapture request = new();
        request.Udp(true, 5000);
        byte[] plain = request.LastFrame;
        byte[] tagged = new byte[plain.Length + 8];
        plain.AsSpan(0, 12).CopyTo(tagged);
        new byte[] { 0x88, 0xA8, 0, 7, 0x81, 0, 0, 9 }.CopyTo(tagged, 12);
        plain.AsSpan(12).CopyTo(tagged.AsSpan(20));
        using TestCapture capture = new();
        capture.Frame(Customer(tagged, 22));
        Translate(capture.Save(), null, "", out _, out _);
        Assert.Equal(tagged.AsSpan(12, 8).ToArray(), Read(At("out.pcap"))[0].Frame.AsSpan(12, 8).ToArray());
    }

    [Fact]
    public void Another_link_type_is_refused_with_what_would_be_right()
    {
        using TestCapture capture = new();
        capture.Frame([0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal(2, Translate(capture.Save(CaptureLinkType.Ipv4), null, "", out _, out string errors));
        Assert.Contains("takes Ethernet frames", errors, StringComparison.Ordinal);
        Assert.StartsWith($"cgn: {capture.Path}: ", errors.Split('\n')[^2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("own.pcap", "out.pcap", "is to be read and written")]
    [InlineData("link.pcap", "out.pcap", "is to be read and written")]
    [InlineData("same.pcap", "./same.pcap", "name the same file")]
    public void No_file_is_written_over_what_is_read_or_written_twice(string inside, string outside, string wrong)
    {
        string input = At("own.pcap");
        File.Copy(Softwires(TestCapture.OfEverything()), input);
        File.CreateSymbolicLink(At("link.pcap"), input);
        byte[] before = File.ReadAllBytes(input);
        StringWriter errors = new();
        TranslateOptions options = new(At("gateway.yaml"), input, null, At(inside), At(outside), 1, true);
        CommandException error = Assert.Throws<CommandException>(
            () => TranslateCommand.Run(options, TextWriter.Null, errors));
        Assert.Contains(wrong, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(input));
    }

    [Fact]
    public void A_missing_capture_and_a_broken_configuration_are_unusable()
    {
        Assert.Equal(2, Translate(At("none.pcap"), null, "", out _, out string errors));
        Assert.Contains("none.pcap: there is no such file", errors, StringComparison.Ordinal);
        File.WriteAllText(At("gateway.yaml"), Config.Replace("workers: 1", "wrokers: 1", StringComparison.Ordinal));
        using TestCapture capture = new();
        Assert.Equal(2, Translate(capture.Udp(true, 5000).Save(), null, "", out _, out errors));
        Assert.Contains("gateway.yaml:3:3: ", errors, StringComparison.Ordinal);
    }

    private int Translate(string inside, string? outside, string suffix, out string output, out string errors)
    {
        StringWriter written = new();
        StringWriter complaints = new();
        string[] arguments =
        [
            "translate", "--config", At("gateway.yaml"), "--inside", inside, "--json",
            "--write-inside", At($"in{suffix}.pcap"), "--write-outside", At($"out{suffix}.pcap"),
        ];
        if (outside is not null)
            arguments = [.. arguments, "--outside", outside];
        int code = Program.CreateRoot().Parse(arguments).Invoke(new() { Output = written, Error = complaints });
        output = written.ToString();
        errors = complaints.ToString();
        return code;
    }

    private string At(string name) => Path.Combine(_folder, name);

    // Every frame of a capture as one B4 would send it.
    private string Softwires(TestCapture capture)
    {
        string file = At("softwires.pcap");
        using (CaptureWriter writer = new(file, nanoseconds: true))
        {
            foreach ((long timestampNs, byte[] frame) in Read(capture.Save()))
            {
                int length = (frame[16] << 8) | frame[17];
                byte[] outer = new byte[14 + 40 + length];
                frame.AsSpan(0, 12).CopyTo(outer);
                (outer[12], outer[13]) = (0x86, 0xDD);
                new Ipv6Header
                {
                    PayloadLength = length,
                    NextHeader = IpProtocol.Ipv4,
                    HopLimit = 64,
                    Source = Ipv6Address.Parse("2001:db8:100:100::1"),
                    Destination = Ipv6Address.Parse("2001:db8:ffff::1"),
                }.Write(outer.AsSpan(14));
                frame.AsSpan(14, length).CopyTo(outer.AsSpan(54));
                writer.Write(timestampNs, outer);
            }

            writer.Complete();
        }

        capture.Dispose();
        return file;
    }

    // The same packet from a NAT444 customer.
    private static byte[] Customer(byte[] frame, int ip)
    {
        Ipv4Address.Parse("100.64.1.2").Write(frame.AsSpan(ip + 12));
        Ipv4View.TryOpen(frame.AsSpan(ip), out Ipv4View view, out _);
        view.FillHeaderChecksum();
        return frame;
    }

    private static List<(long TimestampNs, byte[] Frame)> Read(string file)
    {
        List<(long, byte[])> frames = [];
        using CaptureReader reader = new(file);
        while (reader.TryRead(out CaptureRecord record))
            frames.Add((record.TimestampNs, record.Bytes.ToArray()));
        return frames;
    }
}
