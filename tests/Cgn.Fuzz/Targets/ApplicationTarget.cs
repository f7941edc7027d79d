using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Fuzz.Targets;

/// <summary>
/// Hostile payloads of protocols that application gateways read: whatever is said, every frame is accounted for, what
/// leaves has right checksums, and a stream sent in two pieces and then whole says the same both times. The first byte
/// of an input chooses protocol and direction, the second where to cut.
/// </summary>
public sealed class ApplicationTarget : IDisposable
{
    private const string Customer = "100.64.0.1";
    private const string Server = "198.51.100.1";
    private const uint First = 1000;
    private const int PayloadMax = 1400;
    private const int PauseEvery = 64;
    private const long PauseNs = 10_000_000_000_000;

    private static readonly GatewayPort[] s_ports =
    [
        new(ApplicationGateways.Ftp, 6, 21), new(ApplicationGateways.Sip, 6, 5060),
        new(ApplicationGateways.Rtsp, 6, 554), new(ApplicationGateways.Pptp, 6, 1723),
        new(ApplicationGateways.Sip, 17, 5060), new(ApplicationGateways.Tftp, 17, 69),
    ];

    private readonly SimulatedGateway _gateway = new(Snapshot(), FrameStore.LiveChunkBytes, 64);
    private readonly byte[] _buffer = new byte[FrameStore.LiveChunkBytes];
    private readonly ForwarderEvent[] _events = new ForwarderEvent[256];
    private readonly Dictionary<uint, byte> _stream = [];
    private long _nowNs = 1_000_000_000;
    private ushort _port = 2000;
    private int _count;

    /// <summary>Messages that are right, each said both ways.</summary>
    public static byte[][] Seeds() =>
    [
        .. from seed in new (byte Protocol, string Text)[]
           {
               (0, "USER a\r\nPORT 100,64,0,1,78,32\r\nEPRT |1|100.64.0.1|20000|\r\nAUTH TLS\r\n"),
               (0, "227 Entering Passive Mode (100,64,0,1,78,32).\r\n229 Extended (|||20000|)\r\n"),
               (1, Sip("TCP")), (4, Sip("UDP")),
               (2, "SETUP rtsp://a RTSP/1.0\r\nTransport: RTP/AVP;client_port=20000-20001\r\n\r\n$\0\0\x02xy"),
               (3, "\0\xA8\0\x01\x1A\x2B\x3C\x4D\0\x07\0\0\0\x05\0\0" + new string('\0', 152)),
               (5, "\0\x01name\0octet\0"),
           }
           from outbound in new[] { 0, 8 }
           select (byte[])[(byte)(seed.Protocol | outbound), 20, .. Encoding.Latin1.GetBytes(seed.Text)],
    ];

    /// <summary>Says the input.</summary>
    public void Fuzz(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3)
            return;
        if (++_count % PauseEvery == 0)
            _nowNs += PauseNs;
        _port = (ushort)(_port == 60000 ? 2000 : _port + 1);
        GatewayPort to = s_ports[(input[0] & 7) % s_ports.Length];
        bool fromInside = (input[0] & 8) != 0;
        byte[] payload = input[2..Math.Min(input.Length, PayloadMax)].ToArray();
        if (to.Protocol == 17)
            Datagram(to.Port, payload, fromInside);
        else
            Stream(to.Port, payload, fromInside, input[1] % payload.Length);
        if (_gateway.Unaccounted != 0 || _gateway.LeakedChunks != 0)
            throw new InvalidOperationException($"{_gateway.Unaccounted} unaccounted, {_gateway.LeakedChunks} leaked");
        while (_gateway.ReadEvents(0, _events) == _events.Length)
        {
            // A full ring would make the gateway refuse blocks.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gateway.Dispose();

    private void Datagram(ushort port, byte[] payload, bool fromInside)
    {
        byte[]? sent = Send(FramePort.Inside, Udp(Customer, _port, Server, port, fromInside ? payload : [1]));
        if (sent is null || fromInside)
            return;
        (string address, ushort external) = SourceOf(sent);
        Send(FramePort.Outside, Udp(Server, port, address, external, payload));
    }

    private void Stream(ushort port, byte[] payload, bool fromInside, int cut)
    {
        byte[]? syn = Send(FramePort.Inside, Tcp(Customer, _port, Server, port, TcpFlags.Syn, First));
        if (syn is null)
            return;
        (string address, ushort external) = SourceOf(syn);
        Send(FramePort.Outside, Tcp(
            Server, port, address, external, TcpFlags.Syn | TcpFlags.Ack, First, First + 1));
        _stream.Clear();
        foreach ((int from, int to) in new[] { (0, cut), (cut, payload.Length), (0, payload.Length) })
        {
            byte[] part = payload[from..to];
            uint at = First + 1 + (uint)from;
            byte[]? carried = fromInside
                ? Send(FramePort.Inside, Tcp(
                    Customer, _port, Server, port, TcpFlags.Ack, at, First + 1, part))
                : Send(FramePort.Outside, Tcp(
                    Server, port, address, external, TcpFlags.Ack, at, First + 1, part));
            if (carried is not null)
                Compare(carried);
        }
    }

    private void Compare(byte[] carried)
    {
        int at = 14 + 20 + ((carried[46] >> 4) * 4);
        uint sequence = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(carried.AsSpan(38));
        for (int i = at; i < carried.Length; i++)
        {
            uint place = sequence + (uint)(i - at);
            if (_stream.TryGetValue(place, out byte there) && there != carried[i])
                throw new InvalidOperationException($"byte {place} is {carried[i]} and was {there}");
            _stream[place] = carried[i];
        }
    }

    private byte[]? Send(byte side, byte[] packet)
    {
        byte[] frame = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 8, 0, .. packet];
        _gateway.Inject(side, frame);
        _gateway.Run(new WorkerTime(_nowNs, _nowNs / 1_000_000));
        byte[]? last = null;
        foreach (byte port in (ReadOnlySpan<byte>)[FramePort.Inside, FramePort.Outside])
        {
            while (_gateway.TryCollect(port, _buffer, out int length))
            {
                last = _buffer.AsSpan(0, length).ToArray();
                Verify(last);
            }
        }

        return last;
    }

    private static void Verify(byte[] frame)
    {
        Span<byte> packet = frame.AsSpan(14);
        IpProtocol protocol = (IpProtocol)packet[9];
        bool isFragment = ((packet[6] & 0x3F) | packet[7]) != 0;
        if (isFragment || protocol is not (IpProtocol.Tcp or IpProtocol.Udp))
            return;
        Span<byte> transport = packet[20..];
        ushort pseudo = Checksum.PseudoHeader(AddressAt(packet, 12), AddressAt(packet, 16), protocol, transport.Length);
        if (!Checksum.IsRight(packet[..20]) || !Checksum.IsRight(transport, pseudo))
            throw new InvalidOperationException("a frame left with a wrong checksum");
    }

    private static (string Address, ushort Port) SourceOf(byte[] frame) =>
        (AddressAt(frame, 26).ToString(), (ushort)((frame[34] << 8) | frame[35]));

    private static Ipv4Address AddressAt(ReadOnlySpan<byte> bytes, int at) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]));

    private static byte[] Udp(string source, ushort sourcePort, string to, ushort toPort, byte[] payload)
    {
        byte[] datagram = new byte[UdpHeader.Size + payload.Length];
        new UdpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = toPort,
            PayloadLength = payload.Length,
        }.Write(datagram);
        payload.CopyTo(datagram, UdpHeader.Size);
        Checksum.FillUdp(datagram, Checksum.PseudoHeader(
            Ipv4Address.Parse(source), Ipv4Address.Parse(to), IpProtocol.Udp, datagram.Length));
        return Ipv4(source, to, IpProtocol.Udp, datagram);
    }

    private static byte[] Tcp(
        string source, ushort sourcePort, string to, ushort toPort, TcpFlags flags, uint sequence,
        uint acknowledgment = 0, byte[]? payload = null)
    {
        byte[] segment = new byte[TcpHeader.Size + (payload?.Length ?? 0)];
        new TcpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = toPort,
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            Flags = flags,
            Window = 65535,
        }.Write(segment, []);
        payload?.CopyTo(segment, TcpHeader.Size);
        Checksum.FillTcp(segment, Checksum.PseudoHeader(
            Ipv4Address.Parse(source), Ipv4Address.Parse(to), IpProtocol.Tcp, segment.Length));
        return Ipv4(source, to, IpProtocol.Tcp, segment);
    }

    private static byte[] Ipv4(string source, string to, IpProtocol protocol, byte[] transport)
    {
        byte[] packet = new byte[Ipv4Header.Size + transport.Length];
        new Ipv4Header
        {
            PayloadLength = transport.Length,
            DontFragment = true,
            Ttl = 64,
            Protocol = protocol,
            Source = Ipv4Address.Parse(source),
            Destination = Ipv4Address.Parse(to),
        }.Write(packet);
        transport.CopyTo(packet, Ipv4Header.Size);
        return packet;
    }

    private static string Sip(string transport)
    {
        const string Body = "v=0\r\no=a 1 1 IN IP4 100.64.0.1\r\nc=IN IP4 100.64.0.1\r\nm=audio 30000 RTP/AVP 0\r\n"
            + "a=rtcp:30001\r\n";
        return $"INVITE sip:b@100.64.0.1 SIP/2.0\r\nVia: SIP/2.0/{transport} 100.64.0.1:5060;rport\r\n"
            + "Contact: <sip:a@100.64.0.1:5060>\r\nContent-Type: application/sdp\r\n"
            + $"Content-Length: {Body.Length}\r\n\r\n{Body}";
    }

    private static ConfigSnapshot Snapshot() => new()
    {
        Settings = new GatewaySettings
        {
            SubscriberCapacity = 16,
            MappingCapacity = 4096,
            SessionCapacity = 4096,
            DefaultPlan = 0,
            HoldDownTimeout = 0,
        },
        Nat444Sources = [new Ipv4PrefixSetting(0x64400000, 10)],
        Pools = [new PoolSettings("fuzz", [new Ipv4PrefixSetting(0xCB007100, 30)], 1024, 65535, 512, 1200)],
        Plans = [new PlanSettings("fuzz", 0, 0, 64, 0, 0) { Gateways = (ApplicationGateways)31 }],
        GatewayPorts = s_ports,
    };
}
