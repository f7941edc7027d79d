using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Model.Tests.Nat;
using Cgn.Model.Tests.Running;

namespace Cgn.Model.Tests.Traffic;

/// <summary>Makes frames of operations; what answers something looks at what was seen before.</summary>
internal sealed partial class Maker(ModelConfig config, ModelNat model)
{
    private const int Remembered = 32;

    private static readonly ushort[] s_ports = [4000, 5000, 1030, 80, 0, 40001];
    private static readonly byte[] s_protocols =
    [
        17, 17, 17, 17, 17, 17, 6, 6, 6, 6, 6, 6, 6, 1, 1, 1, 1, 47, 50, 136, 33, 132, 13, 41,
    ];

    private static readonly ushort[] s_remotePorts = [80, 53, 4500];
    private static readonly int[] s_flags =
    [
        2, 2, 2, 2, 2, 2, 16, 16, 16, 16, 18, 18, 18, 17, 17, 17, 4, 4, 20, 24, 1, 3, 0, 5,
    ];

    private static readonly int[] s_sequences = [0, 0, 1, -1, 1 << 30, -500, 60000, -70000];
    private static readonly int[] s_windows = [65535, 0, 1000];
    private static readonly int[] s_sizes =
    [
        60, 28, 29, 100, 575, 576, 577, 1240, 1241, 1280, 1281, 1360, 1400, 1401, 1460, 1461, 1500, 1501, 1541, 1900,
    ];

    private static readonly byte[] s_tos = [0, 0xB8, 1, 2, 3, 0x2B];
    private static readonly byte[] s_ttls = [64, 1, 0, 2];
    private static readonly byte[][] s_tcpOptions =
    [
        [], [2, 4, 5, 0xB4], [1, 2, 4, 5, 0xB4, 0, 0, 0], [3, 3, 2, 0], [2, 4, 5, 0xB4, 3, 3, 14, 0],
        [2, 9, 1, 1], [2, 4, 1, 0xF4], [3, 3, 15, 0],
    ];

    private readonly List<(byte Side, byte[] Frame)> _sent = [];
    private readonly List<byte[]> _seenInside = [];
    private readonly List<byte[]> _seenOutside = [];
    private readonly List<(byte Side, byte[] Frame)> _late = [];
    private int _identification = 1;

    public void Saw(byte side, byte[] frame) => Remember(side == ModelNat.Inside ? _seenInside : _seenOutside, frame);

    /// <summary>The frames of an operation, in the order in which they come.</summary>
    public List<(byte Side, byte[] Frame)> Frames(Operation o)
    {
        List<(byte Side, byte[] Frame)> frames = o.Kind switch
        {
            OperationKind.Send when o[Field.Pick] % 4 == 1 && Again(o) is { } again => again,
            OperationKind.Send => Inside(o, new Endpoint(0xC6336401 + (uint)o[Field.Remote],
                s_remotePorts[o[Field.RemotePort] % 3])),
            OperationKind.Hairpin => Inside(o, External(o)),
            OperationKind.Answer => Answer(o),
            OperationKind.Stranger => FromServer(o, External(o)),
            OperationKind.Probe => FromServer(o, new Endpoint(
                ModelConfig.Pool + (uint)(o[Field.Pick] % 17), (ushort)(1024 + o[Field.Port]))),
            OperationKind.Replay => Picked(_sent, o) is { Frame: not null } before ? [before] : [],
            OperationKind.ErrorIn => ErrorIn(o),
            OperationKind.ErrorOut => ErrorOut(o),
            OperationKind.Late => Late(o),
            OperationKind.Ping => Ping(o),
            OperationKind.Odd => Odd(o),
            _ => [],
        };
        foreach ((byte Side, byte[] Frame) frame in frames)
            Remember(_sent, frame);
        return frames;
    }

    private static void Remember<T>(List<T> list, T item)
    {
        list.Add(item);
        if (list.Count > Remembered)
            list.RemoveAt(0);
    }

    // The newest first.
    private static T? Picked<T>(List<T> list, Operation o) =>
        list.Count == 0 ? default : list[list.Count - 1 - (o[Field.Pick] % list.Count)];

    private Endpoint External(Operation o)
    {
        List<ModelMapping> mappings = [.. model.Mappings];
        return mappings.Count == 0
            ? new Endpoint(ModelConfig.Pool, 1024)
            : mappings[mappings.Count - 1 - (o[Field.Pick] % mappings.Count)].External;
    }

    private List<(byte Side, byte[] Frame)> Inside(Operation o, Endpoint remote)
    {
        (bool isDsLite, int number) = Who(o);
        uint source = o[Field.Fault] switch
        {
            4 => 0x7F000001,
            5 => isDsLite ? 0x08080808u : 0xAC100001,
            _ => isDsLite ? HostOf(o) : ModelConfig.Customer + 10 + (uint)number,
        };
        uint destination = o[Field.Fault] switch
        {
            7 => 0x7F000001,
            8 => 0xE0000001,
            9 => ModelConfig.Customer + 99,
            _ => remote.Address,
        };
        Endpoint from = new(source, s_ports[o[Field.Port] % s_ports.Length]);
        Endpoint to = new(destination, remote.Port);
        return InPieces(o, ModelNat.Inside, Packet(o, from, to, fromInside: true), isDsLite, number);
    }

    // A host goes on with what it has begun: TCP goes a long way.
    private List<(byte Side, byte[] Frame)>? Again(Operation o)
    {
        List<ModelSession> tcp = [.. model.Sessions.Where(session => session.Protocol == Datagram.Tcp)];
        if (tcp.Count == 0)
            return null;
        ModelSession session = tcp[tcp.Count - 1 - (o[Field.Pick] / 4 % tcp.Count)];
        bool isDsLite = session.Subscriber.Kind == Contract.Records.SubscriberKind.DsLite;
        int number = (int)((ulong)(session.Subscriber.B4 >> 64) >> 8) & 0xFF;
        byte[] packet = Packet(
            o.With(Field.Protocol, 6), session.Mapping.Internal, session.Remote, fromInside: true);
        return InPieces(o, ModelNat.Inside, packet, isDsLite, number);
    }

    private (bool IsDsLite, int Number) Who(Operation o) => (config.HasDsLite, config.HasNat444) switch
    {
        (true, true) => (o[Field.Who] % 2 == 0, o[Field.Who] / 2),
        (bool only, _) => (only, o[Field.Who]),
    };

    private static uint HostOf(Operation o) => o[Field.Host] == 2 ? 0xC0000002 : 0x0A000001 + (uint)o[Field.Host];

    private List<(byte Side, byte[] Frame)> FromServer(Operation o, Endpoint external, Endpoint? server = null)
    {
        Endpoint sender = server ?? new Endpoint(
            0xC6336401 + (uint)o[Field.Remote], s_remotePorts[o[Field.RemotePort] % 3]);
        sender = o[Field.Fault] switch
        {
            4 => sender with { Address = 0xE0000001 },
            5 => sender with { Address = ModelConfig.Customer + 10 },
            6 => sender with { Address = ModelConfig.Pool },
            9 => sender with { Address = 0xC0000002 },
            _ => sender,
        };
        if (o[Field.Fault] == 7)
            external = external with { Address = 0x08080808 };
        return InPieces(o, ModelNat.Outside, Packet(o, sender, external, fromInside: false), false, 0);
    }

    private List<(byte Side, byte[] Frame)> Answer(Operation o)
    {
        byte[]? frame = Picked(_seenOutside, o);
        if (frame is null || frame.Length < 42)
            return [];
        Datagram seen = new(frame[14..]);
        if (seen.IsLater)
            return [];
        ushort source = seen.HasPorts ? seen.Word(0) : seen.Protocol == Datagram.Icmp ? seen.Word(4) : (ushort)0;
        ushort destination = seen.HasPorts ? seen.Word(2) : (ushort)0;
        // The protocol of what is answered, whatever the operation says.
        int protocol = Array.IndexOf(s_protocols, seen.Protocol);
        if (protocol < 0)
            return [];
        return FromServer(
            o.With(Field.Protocol, protocol), new Endpoint(seen.Source, source),
            new Endpoint(seen.Destination, destination));
    }

    private byte[] Packet(Operation o, Endpoint from, Endpoint to, bool fromInside)
    {
        byte protocol = s_protocols[o[Field.Protocol] % s_protocols.Length];
        bool isTimestamp = protocol == 13;
        if (isTimestamp)
            protocol = Datagram.Icmp;
        byte[] options = o[Field.Fault] switch
        {
            12 => [131, 7, 4, 1, 1, 1, 1, 0],
            13 => [148, 4, 0, 0],
            14 => [1, 7, 7, 4, 0, 0, 0, 0],
            _ => [],
        };
        int room = Math.Max(0, s_sizes[o[Field.Size] % s_sizes.Length] - 20 - options.Length);
        byte[] payload = protocol switch
        {
            Datagram.Udp or Datagram.UdpLite =>
                PacketMaker.Udp(from, to, protocol, room - 8, o[Field.Fault] == 3 && protocol == Datagram.Udp),
            Datagram.Dccp => PacketMaker.Dccp(from, to, o[Field.Flags] % 10, room - 16),
            Datagram.Tcp => Segment(o, from, to, room, fromInside),
            Datagram.Icmp => PacketMaker.Icmp(
                o[Field.Fault] == 21 ? OddType(o, fromInside) : IcmpType(isTimestamp, fromInside),
                0, ((uint)(fromInside ? from.Port : to.Port) << 16) | 1, new byte[Math.Max(0, room - 8)]),
            _ => [.. new byte[Math.Max(8, room)]],
        };
        if (o[Field.Fault] == 15)
            payload = payload[..Math.Min(payload.Length, 4)];
        if (o[Field.Fault] == 16 && payload.Length > 12)
            payload[12] = 0x10;
        if (o[Field.Fault] == 2 && payload.Length > 10)
            payload[^1] ^= 0x55;
        int flags = o[Field.Fragment] == 0 ? 0x4000 : 0;
        _identification = (_identification % 60000) + 1;
        int identification = o[Field.Order] % 4 == 3 ? 7 : _identification;
        return PacketMaker.Ipv4(
            from.Address, to.Address, protocol, payload, s_ttls[o[Field.Ttl] % 4], s_tos[o[Field.Tos] % 6],
            identification, flags, options);
    }

    // Replies from inside are pass-through's, which the model has not.
    private static byte OddType(Operation o, bool fromInside)
    {
        byte type = (byte)(o[Field.Pick] % 20);
        return fromInside && type is 0 or 14 ? (byte)40 : type;
    }

    private static byte IcmpType(bool isTimestamp, bool fromInside) => (isTimestamp, fromInside) switch
    {
        (false, true) => 8,
        (false, false) => 0,
        (true, true) => 13,
        _ => 14,
    };

    // Numbers follow what the model knows of the connection, or miss it by as much as the operation says.
    private byte[] Segment(Operation o, Endpoint from, Endpoint to, int room, bool fromInside)
    {
        ModelSession? session = model.Sessions.FirstOrDefault(session => session.Protocol == Datagram.Tcp
            && (fromInside
                ? session.Mapping.Internal == from && session.Remote == to
                : session.Mapping.External == to && session.Remote == from));
        uint own = (fromInside ? session?.Inside : session?.Outside)?.End ?? 1000;
        uint other = (fromInside ? session?.Outside : session?.Inside)?.End ?? 1000;
        byte[] options = s_tcpOptions[o[Field.Options] % 8];
        return PacketMaker.Tcp(
            from, to, s_flags[o[Field.Flags] % s_flags.Length],
            own + (uint)s_sequences[o[Field.Sequence] % 8], other + (uint)s_sequences[o[Field.Acknowledge] % 8],
            s_windows[o[Field.Window] % 3], options, room - 20 - options.Length);
    }
}
