using System;
using System.Linq;
using System.Text;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Garden;
using Cgn.Testing;
using Cgn.Wire;

using PacketDotNet;

using Xunit;

namespace Cgn.Pipeline.Tests.Garden;

/// <summary>The web server that answers for everybody whom the walled garden shuts out.</summary>
public sealed class GardenRedirectTests
{
    private const string Request = "GET /news?id=1 HTTP/1.1\r\nUser-Agent: x\r\nHost: www.example.com\r\n\r\n";
    private const string Noise = "\r\n :/%\0~AHh";
    private const TcpFlags Push = TcpFlags.Ack | TcpFlags.Psh;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_web_request_is_accepted_redirected_and_closed_without_any_state(bool softwire)
    {
        using GardenScene scene = new(softwire);
        Decoded accepted = scene.Tcp(TcpFlags.Syn, 1000)!;
        TcpPacket syn = accepted.Tcp!;
        Assert.Equal((GardenScene.Forbidden, 80, 40000), (accepted.Source, syn.SourcePort, syn.DestinationPort));
        Assert.True(syn is { Synchronize: true, Acknowledgment: true, Finished: false, Reset: false });
        Assert.Equal(1001u, syn.AcknowledgmentNumber);
        Assert.Equal(1460, syn.OptionsCollection.Count == 0 ? 0 : MssOf(syn));

        uint begins = syn.SequenceNumber + 1;
        Assert.Null(scene.Tcp(TcpFlags.Ack, 1001, begins));
        TcpPacket answer = scene.Tcp(Push, 1001, begins, Request)!.Tcp!;
        Assert.True(answer is { Finished: true, Acknowledgment: true, Synchronize: false, Reset: false });
        Assert.Equal((begins, 1001u + (uint)Request.Length), (answer.SequenceNumber, answer.AcknowledgmentNumber));
        Assert.Equal(
            "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.80/login\r\nCache-Control: no-store\r\n"
            + "Connection: close\r\nContent-Length: 0\r\n\r\n",
            Encoding.ASCII.GetString(answer.PayloadData));

        uint ends = begins + (uint)answer.PayloadData.Length + 1;
        uint next = 1001 + (uint)Request.Length;
        Assert.Null(scene.Tcp(TcpFlags.Ack, next, ends));
        TcpPacket last = scene.Tcp(TcpFlags.Ack | TcpFlags.Fin, next, ends)!.Tcp!;
        Assert.True(last is { Acknowledgment: true, Finished: false, Reset: false });
        Assert.Equal((ends, next + 1), (last.SequenceNumber, last.AcknowledgmentNumber));
        scene.NothingWasMade();
        Assert.Equal(1, scene.Bench.Gateway.Counter(CounterId.GardenRedirects));
        Assert.Equal(0, scene.Bench.Gateway.Counter(CounterId.Dropped));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_sent_again_is_answered_again_with_the_same(bool softwire)
    {
        using GardenScene scene = new(softwire, "url");
        Assert.Equal(scene.Tcp(TcpFlags.Syn, 5)!.Tcp!.Bytes, scene.Tcp(TcpFlags.Syn, 5)!.Tcp!.Bytes);
        uint begins = scene.Open(5);
        byte[] first = scene.Tcp(Push, 6, begins, Request)!.Tcp!.Bytes;
        scene.Bench.Advance(3);
        Assert.Equal(first, scene.Tcp(Push, 6, begins, Request)!.Tcp!.Bytes);
        uint ends = begins + 1;
        Assert.Equal(
            scene.Tcp(TcpFlags.Fin | TcpFlags.Ack, 6, ends)!.Tcp!.Bytes,
            scene.Tcp(TcpFlags.Fin | TcpFlags.Ack, 6, ends)!.Tcp!.Bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_portal_can_be_told_what_was_asked_for(bool softwire)
    {
        using GardenScene scene = new(softwire, "url");
        uint begins = scene.Open(1);
        Assert.Contains(
            "Location: http://192.0.2.80/login?url=http%3A%2F%2Fwww.example.com%2Fnews%3Fid%3D1\r\n",
            Location(scene, begins, Request));
        Assert.Contains("login?url=http%3A%2F%2Fa%2F\r\n", Location(scene, begins, "GET http://a/ HTTP/1.0\r\n\r\n"));
        // What is no whole request, names nobody, or would not fit one answer, is redirected all the same.
        foreach (string text in new[]
        {
            "\0\u0001", "GET / HTTP/1.1\r\nAccept: *\r\n\r\n", "GET /", "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET /{new string('/', 700)} HTTP/1.1\r\nHost: a\r\n\r\n",
        })
        {
            Assert.Contains("Location: http://192.0.2.80/login\r\n", Location(scene, begins, text));
        }
    }

    [Fact]
    public void Nothing_of_a_request_gets_into_the_answers_header_as_it_was()
    {
        using GardenScene scene = new(softwire: true, "url");
        uint begins = scene.Open(1);
        string answer = Location(scene, begins, "GET /a\rSet-Cookie:x HTTP/1.1\r\nHost: \"b\u0001<\r\n\r\n");
        Assert.Equal(6, answer.Split("\r\n").Length - 1);
        Assert.Contains("url=http%3A%2F%2F%22b%01%3C%2Fa%0DSet-Cookie%3Ax\r\n", answer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Requests_behind_each_other_and_in_pieces_are_acknowledged_to_their_end(bool softwire)
    {
        using GardenScene scene = new(softwire);
        uint begins = scene.Open(100);
        // Two requests in one segment, and one in two.
        TcpPacket both = scene.Tcp(Push, 101, begins, Request + Request)!.Tcp!;
        Assert.Equal(101u + (2u * (uint)Request.Length), both.AcknowledgmentNumber);
        TcpPacket rest = scene.Tcp(Push, 201, begins, "rest")!.Tcp!;
        Assert.True(rest.Finished);
        Assert.Equal((begins, 205u), (rest.SequenceNumber, rest.AcknowledgmentNumber));
        // After the answer, what else comes is only taken; a request with its end in the same segment, too.
        uint ends = begins + (uint)both.PayloadData.Length + 1;
        TcpPacket taken = scene.Tcp(Push, 205, ends, "more")!.Tcp!;
        Assert.Equal((ends, 209u, 0, false), (
            taken.SequenceNumber, taken.AcknowledgmentNumber, taken.PayloadData.Length, taken.Finished));
        TcpPacket closed = scene.Tcp(Push | TcpFlags.Fin, 101, begins, Request)!.Tcp!;
        Assert.Equal(101u + (uint)Request.Length + 1, closed.AcknowledgmentNumber);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_only_ends_is_let_go_and_others_are_reset(bool softwire)
    {
        using GardenScene scene = new(softwire);
        uint begins = scene.Open(100);
        TcpPacket ended = scene.Tcp(TcpFlags.Fin | TcpFlags.Ack, 101, begins)!.Tcp!;
        Assert.True(ended is { Finished: true, Acknowledgment: true });
        Assert.Equal((begins, 102u), (ended.SequenceNumber, ended.AcknowledgmentNumber));
        Assert.Null(scene.Tcp(TcpFlags.Rst, 101));
        Assert.Null(scene.Tcp(TcpFlags.Rst | TcpFlags.Ack, 101, begins));

        // Of a connection that is none of ours.
        TcpPacket reset = scene.Tcp(Push, 101, begins + 50_000, Request)!.Tcp!;
        Assert.True(reset.Reset);
        Assert.Equal(begins + 50_000, reset.SequenceNumber);
        Assert.True(scene.Tcp(TcpFlags.Syn | TcpFlags.Ack, 101, begins)!.Tcp!.Reset);
        Assert.True(scene.Tcp(TcpFlags.Fin, 101)!.Tcp!.Reset);
        Assert.Equal(3, scene.Bench.Gateway.Drops(DropReason.WalledGarden));
        scene.NothingWasMade();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_in_fragments_is_answered_by_its_first(bool softwire)
    {
        using GardenScene scene = new(softwire, "url");
        uint begins = scene.Open(100);
        byte[] whole = scene.Packet(Push, 101, begins, Request);
        byte[] segment = whole[20..];
        TcpPacket answer = scene.Answer(Packets.Ipv4(
            scene.Host.Address, GardenScene.Forbidden, IpProtocol.Tcp, segment.AsSpan(0, 80), identification: 7,
            dontFragment: false, moreFragments: true))!.Tcp!;
        Assert.True(answer.Finished);
        Assert.Equal(101u + 60, answer.AcknowledgmentNumber);
        Assert.Null(scene.Answer(Packets.Ipv4(
            scene.Host.Address, GardenScene.Forbidden, IpProtocol.Tcp, segment.AsSpan(80), identification: 7,
            dontFragment: false, fragmentOffset: 80)));
        Assert.Equal(1, scene.Bench.Gateway.Drops(DropReason.WalledGarden));
        // And those that came before it end with it.
        Assert.Null(scene.Answer(Packets.Ipv4(
            scene.Host.Address, GardenScene.Forbidden, IpProtocol.Tcp, segment.AsSpan(80), identification: 8,
            dontFragment: false, fragmentOffset: 80)));
        Assert.NotNull(scene.Answer(Packets.Ipv4(
            scene.Host.Address, GardenScene.Forbidden, IpProtocol.Tcp, segment.AsSpan(0, 80), identification: 8,
            dontFragment: false, moreFragments: true)));
        scene.Bench.Advance(3);
        Assert.Equal(2, scene.Bench.Gateway.Drops(DropReason.WalledGarden));
        Assert.Equal(0, scene.Bench.Gateway.Counter(CounterId.Held));
        scene.NothingWasMade();
    }

    [Fact]
    public void A_damaged_segment_is_dropped()
    {
        using GardenScene scene = new(softwire: true);
        byte[] packet = scene.Packet(TcpFlags.Syn, 1, 0, "");
        packet[20 + 16] ^= 1;
        Assert.Null(scene.Answer(packet));
        Assert.Equal(1, scene.Bench.Gateway.Drops(DropReason.BadTransportHeader));
    }

    [Fact]
    public void Sequence_numbers_differ_by_endpoint_subscriber_and_seed()
    {
        using GardenScene scene = new(softwire: true);
        uint one = scene.Open(1);
        Assert.NotEqual(one, scene.Open(1, port: 40001));
        Host other = new(scene.Bench, softwire: true, number: 2);
        Assert.Empty(other.Send(scene.Packet(TcpFlags.Syn, 1, 0, "")));
        Decoded accepted = other.Receives(Assert.Single(scene.Bench.Collect(FramePort.Inside)));
        Assert.NotEqual(one, accepted.Tcp!.SequenceNumber + 1);
    }

    [Fact]
    public void Answers_keep_to_their_rate_and_one_subscriber_takes_no_other_its_share()
    {
        using GardenScene scene = new(softwire: true, answersPerSecond: 100);
        int answered = 0;
        for (int i = 0; i < 1000; i++)
        {
            answered += scene.Tcp(TcpFlags.Syn, 1, port: (ushort)(1000 + i)) is null ? 0 : 1;
            scene.Bench.Advance(0.01);
        }

        // An eighth of the rate for ten seconds, and what may come at once.
        Assert.InRange(answered, 125, 125 + 12);
        Assert.Equal(1000 - answered, scene.Bench.Gateway.Counter(CounterId.GardenSuppressed));
        Host other = new(scene.Bench, softwire: true, number: 2);
        Assert.Empty(other.Send(scene.Packet(TcpFlags.Syn, 1, 0, "")));
        Assert.Single(scene.Bench.Collect(FramePort.Inside));
    }

    [Fact]
    public void Whatever_a_request_holds_the_answer_is_one_redirect_of_bounded_length()
    {
        using GardenScene scene = new(softwire: true, "url");
        uint begins = scene.Open(1);
        Random random = new(302);
        for (int round = 0; round < 2000; round++)
        {
            char[] text = Request.ToCharArray()[..random.Next(1, Request.Length + 1)];
            for (int change = random.Next(6); change > 0; change--)
                text[random.Next(text.Length)] = Noise[random.Next(Noise.Length)];
            byte[] answer = scene.Tcp(Push, 2, begins, new string(text))!.Tcp!.PayloadData;
            string head = Encoding.ASCII.GetString(answer);
            Assert.StartsWith("HTTP/1.1 302 Found\r\nLocation: http://192.0.2.80/login", head);
            Assert.Equal(6, head.Split("\r\n").Length - 1);
            Assert.InRange(answer.Length, 1, GardenPortal.AnswerBytesMax);
            scene.Bench.Advance(0.1);
        }
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        using GardenScene scene = new(softwire: true, "url");
        uint begins = scene.Open(1);
        byte[][] frames =
        [
            .. new[]
            {
                scene.Packet(TcpFlags.Syn, 1, 0, ""), scene.Packet(Push, 2, begins, Request),
                scene.Packet(TcpFlags.Ack | TcpFlags.Fin, 2, begins, ""),
                scene.Packet(TcpFlags.Syn, 1, 0, "", remotePort: 443),
            }.Select(packet => Packets.Ethernet(Packets.Softwire(GatewayBench.B4, GatewayBench.Aftr, packet))),
        ];
        byte[] buffer = new byte[2048];
        long before = 0;
        long answers = 0;
        for (int round = 0; round < 12; round++)
        {
            if (round == 2)
                before = GC.GetAllocatedBytesForCurrentThread();
            foreach (byte[] frame in frames)
                scene.Bench.Gateway.Inject(FramePort.Inside, frame);
            scene.Bench.Advance(1);
            while (scene.Bench.Gateway.TryCollect(FramePort.Inside, buffer, out _))
                answers++;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(12 * frames.Length, answers);
    }

    private static string Location(GardenScene scene, uint begins, string request) =>
        Encoding.ASCII.GetString(scene.Tcp(Push, 2, begins, request)!.Tcp!.PayloadData);

    private static int MssOf(TcpPacket syn) => (syn.Bytes[22] << 8) | syn.Bytes[23];
}
