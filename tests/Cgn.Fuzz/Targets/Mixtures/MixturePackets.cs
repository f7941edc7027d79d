using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

using Cgn.Testing;
using Cgn.Wire;

namespace Cgn.Fuzz.Targets.Mixtures;

/// <summary>Packets by chance, of few hosts and ports, so that they meet.</summary>
/// <param name="chance">Decides.</param>
internal sealed class MixturePackets(Random chance)
{
    private static readonly string[] s_b4s = ["2001:db8:100:100::2", "2001:db8:100:200::2", "2001:db8:100:100::3"];
    private static readonly string[] s_aftrs = ["2001:db8:ffff::1", "2001:db8:ffff::2"];
    private static readonly string[] s_customers = ["100.64.0.1", "100.64.0.2", "100.64.0.3"];
    private static readonly string[] s_inner = ["192.168.1.2", "192.168.1.2", "10.0.0.1", "192.0.0.2"];
    private static readonly string[] s_servers = ["198.51.100.1", "198.51.100.2"];
    private static readonly ushort[] s_ports = [21, 69, 554, 1723, 2000, 2001, 5060, 30000, 30001];
    private static readonly int[] s_sizes = [0, 1, 8, 100, 500, 1200, 1232, 1252, 1400, 1460, 1472, 1480, 1500, 1700];

    private static readonly string[] s_texts =
    [
        "PORT 100,64,0,1,78,32\r\n", "PORT 192,168,1,2,8,0\r\n", "EPRT |1|192.168.1.2|2000|\r\n", "PASV\r\n", "POR",
        "227 Entering Passive Mode (192,168,1,2,78,32).\r\n", "229 Extended (|||2001|)\r\n", "T 10,0,0,1,4,4\r\n",
        "SETUP rtsp://a RTSP/1.0\r\nTransport: RTP/AVP;client_port=30000-30001\r\n\r\n", "Trans", "$\0\0\x02xy",
        "\0\x01name\0octet\0", "\0\xA8\0\x01\x1A\x2B\x3C\x4D\0\x07\0\0\0\x05\0\0" + new string('\0', 152), "\0\xA8",
    ];

    /// <summary>External endpoints that packets have left from.</summary>
    public List<(string Address, ushort Port)> Seen { get; } = [];

    /// <summary>Frames from inside, to be sent in this order.</summary>
    public List<byte[]> FromInside()
    {
        bool softwire = chance.Next(2) == 0;
        string b4 = OneOf(s_b4s);
        string host = softwire ? OneOf(s_inner) : OneOf(s_customers);
        if (chance.Next(8) == 0)
            host = MixtureSettings.Bound;
        bool toNeighbour = chance.Next(3) == 0;
        (string remote, ushort port) = toNeighbour ? Target() : (OneOf(s_servers), OneOf(s_ports));
        if (chance.Next(10) == 0)
            remote = MixtureSettings.PassedThrough;
        byte[] packet = chance.Next(12) == 0 ? Pcp(host) : Packet(host, OneOf(s_ports), remote, port);
        List<byte[]> packets = chance.Next(5) == 0 ? Cut(packet) : [packet];
        if (!softwire)
            return [.. packets.Select(static p => Packets.Ethernet(p))];
        List<byte[]> frames = [];
        foreach (byte[] inner in packets)
        {
            string aftr = OneOf(s_aftrs);
            if (chance.Next(6) == 0)
            {
                frames.AddRange(Fragments.Outer(
                    b4, aftr, inner, each: OneOf(1448, 512, 64), identification: (uint)chance.Next(4)));
            }
            else
                frames.Add(Packets.Softwire(b4, aftr, inner, encapsulationLimit: chance.Next(6) == 0));
        }

        return Lose([.. frames.Select(static p => Packets.Ethernet(p))]);
    }

    /// <summary>Frames from outside, to be sent in this order.</summary>
    public List<byte[]> FromOutside()
    {
        (string address, ushort port) = Target();
        if (chance.Next(10) == 0)
            address = MixtureSettings.Bound;
        string from = chance.Next(10) == 0 ? MixtureSettings.PassedThrough : OneOf(s_servers);
        byte[] packet = Packet(from, OneOf(s_ports), address, port);
        List<byte[]> packets = chance.Next(4) == 0 ? Cut(packet) : [packet];
        return Lose([.. packets.Select(static p => Packets.Ethernet(p))]);
    }

    /// <summary>A segment of a conversation from inside, as its host would send it.</summary>
    public static byte[] Inside(
        in MixtureTalk talk, TcpFlags flags, uint sequence, uint acknowledgment, byte[] payload) =>
        Wrapped(talk, Segment(
            talk.Host, talk.Port, talk.Server, talk.ServerPort, flags, sequence, acknowledgment, payload));

    /// <summary>A datagram likewise.</summary>
    public static byte[] Inside(in MixtureTalk talk, byte[] payload) =>
        Wrapped(talk, PcpPackets.Datagram(talk.Host, talk.Port, talk.Server, talk.ServerPort, payload));

    /// <summary>What the server says.</summary>
    public static byte[] Outside(
        in MixtureTalk talk, (string Address, ushort Port) to, TcpFlags flags, uint sequence, uint acknowledgment,
        byte[] payload) =>
        Packets.Ethernet(Segment(
            talk.Server, talk.ServerPort, to.Address, to.Port, flags, sequence, acknowledgment, payload));

    /// <summary>Somebody who is about to talk to a server that gateways know.</summary>
    public MixtureTalk Talk()
    {
        bool softwire = chance.Next(2) == 0;
        return new MixtureTalk(
            softwire ? OneOf(s_b4s) : null, softwire ? OneOf(s_inner) : OneOf(s_customers), OneOf(s_ports),
            OneOf(s_servers), OneOf((ushort)21, (ushort)21, (ushort)5060, (ushort)554, (ushort)1723));
    }

    /// <summary>What may be said.</summary>
    public byte[] Text(string host)
    {
        string text = Encoding.Latin1.GetString(Text());
        return Encoding.Latin1.GetBytes(chance.Next(3) == 0 ? text : text
            .Replace("100,64,0,1", host.Replace('.', ','), StringComparison.Ordinal)
            .Replace("100.64.0.1", host, StringComparison.Ordinal)
            .Replace("192.168.1.2", host, StringComparison.Ordinal));
    }

    private static byte[] Wrapped(in MixtureTalk talk, byte[] packet) =>
        Packets.Ethernet(talk.B4 is null ? packet : Packets.Softwire(talk.B4, s_aftrs[0], packet));

    private (string Address, ushort Port) Target()
    {
        if (Seen.Count == 0 || chance.Next(5) == 0)
            return ($"203.0.113.{chance.Next(18)}", OneOf(s_ports));
        (string address, ushort port) = Seen[chance.Next(Seen.Count)];
        return (address, chance.Next(8) == 0 ? (ushort)(port + 1) : port);
    }

    private byte[] Packet(string source, ushort port, string remote, ushort remotePort)
    {
        int size = OneOf(s_sizes);
        switch (chance.Next(16))
        {
            case 0:
                return Packets.Echo(source, remote, port, reply: chance.Next(2) == 0, payloadBytes: size);
            case 1:
                return TransportPackets.UdpLite(source, port, remote, remotePort);
            case 2:
                return TransportPackets.Dccp(source, port, remote, remotePort, chance.Next(8));
            case 3:
                return TransportPackets.Pptp(source, remote, OneOf((ushort)7, (ushort)5, port), OneOf(20, 1300));
            case 4:
                return TransportPackets.Bare(source, remote, OneOf(4, 41, 50, 51, 132, 47, 99, 2), size);
            case 5 or 6:
                return Packets.Udp(source, port, remote, remotePort, size, dontFragment: chance.Next(2) == 0);
            case 7:
                byte[] text = Text();
                return PcpPackets.Datagram(source, port, remote, remotePort, text);
            case 8:
                return Packets.Udp(source, port, remote, remotePort, size, ttl: (byte)OneOf(1, 2));
            default:
                return Segment(source, port, remote, remotePort, size);
        }
    }

    private byte[] Segment(string source, ushort port, string remote, ushort remotePort, int size)
    {
        TcpFlags flags = OneOf(
            TcpFlags.Syn, TcpFlags.Syn, TcpFlags.Syn | TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Ack,
            TcpFlags.Fin | TcpFlags.Ack, TcpFlags.Rst);
        uint sequence = (uint)(1000 + OneOf(0, 1, 1, 24, 25));
        uint acknowledgment = (uint)(1000 + OneOf(0, 1, 1, 26, 60));
        byte[] payload = (flags & TcpFlags.Syn) != 0 ? [] : chance.Next(2) == 0 ? new byte[size] : Text();
        return Segment(source, port, remote, remotePort, flags, sequence, acknowledgment, payload);
    }

    private static byte[] Segment(
        string source, ushort port, string remote, ushort remotePort, TcpFlags flags, uint sequence,
        uint acknowledgment, byte[] payload)
    {
        byte[] options = (flags & TcpFlags.Syn) != 0 ? [2, 4, 5, 0xB4] : [];
        byte[] packet = Packets.Tcp(
            source, port, remote, remotePort, flags, sequence, acknowledgment, payload.Length, options);
        int at = Ipv4Header.Size + TcpHeader.Size + options.Length;
        payload.CopyTo(packet, at);
        packet[Ipv4Header.Size + 16] = packet[Ipv4Header.Size + 17] = 0;
        Checksum.FillTcp(packet.AsSpan(Ipv4Header.Size), Checksum.PseudoHeader(
            Ipv4Address.Parse(source), Ipv4Address.Parse(remote), IpProtocol.Tcp, packet.Length - Ipv4Header.Size));
        return packet;
    }

    private byte[] Text()
    {
        StringBuilder text = new();
        for (int i = chance.Next(1, 6); i > 0; i--)
            text.Append(chance.Next(5) == 0 ? Sip() : OneOf(s_texts));
        byte[] bytes = Encoding.Latin1.GetBytes(text.ToString());
        return bytes[..Math.Min(bytes.Length, OneOf(1452, 1212, chance.Next(1, 1452)))];
    }

    private string Sip()
    {
        string host = OneOf("100.64.0.1", "192.168.1.2", "10.0.0.1");
        string body = $"v=0\r\no=a 1 1 IN IP4 {host}\r\nc=IN IP4 {host}\r\nm=audio 30000 RTP/AVP 0\r\n";
        return $"INVITE sip:b@{host} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:5060;rport\r\n"
            + $"Contact: <sip:a@{host}:5060>\r\nContent-Type: application/sdp\r\n"
            + $"Content-Length: {body.Length + OneOf(0, 0, 1, -1, 100000)}\r\n\r\n{body}";
    }

    private byte[] Pcp(string host)
    {
        byte[] request = PcpPackets.Request(
            host, chance.Next(4), OneOf(0u, 1u, 120u, uint.MaxValue), OneOf(0, 6, 17, 33, 47), OneOf(s_ports),
            OneOf(s_ports), OneOf(MixtureSettings.Pool, "203.0.113.129", "0.0.0.0"), OneOf(s_servers), OneOf(s_ports),
            (byte)chance.Next(3), chance.Next(3) == 0 ? [2, 0, 0, 0] : null);
        return PcpPackets.Datagram(host, OneOf(s_ports), OneOf("192.0.0.1", "203.0.113.1"), 5351, request);
    }

    private List<byte[]> Cut(byte[] packet)
    {
        packet[4] = 0;
        packet[5] = (byte)chance.Next(4);
        Fragments.FillHeader(packet);
        return Lose(Fragments.Ipv4(packet, OneOf(8, 64, 512, 1200)));
    }

    private List<byte[]> Lose(List<byte[]> frames)
    {
        if (frames.Count > 24)
            frames.RemoveRange(24, frames.Count - 24);
        for (int i = frames.Count - 1; i > 0 && chance.Next(2) == 0; i--)
        {
            int other = chance.Next(i + 1);
            (frames[i], frames[other]) = (frames[other], frames[i]);
        }

        if (frames.Count > 1 && chance.Next(4) == 0)
            frames.RemoveAt(chance.Next(frames.Count));
        return frames;
    }

    private T OneOf<T>(params ReadOnlySpan<T> choices) => choices[chance.Next(choices.Length)];

    private T OneOf<T>(T[] choices) => choices[chance.Next(choices.Length)];
}
