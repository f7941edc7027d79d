using System;

namespace Cgn.Wire;

/// <summary>
/// A PCP message, read and written in place (RFC 6887 section 7): the header of 24 bytes, then what MAP and PEER have.
/// </summary>
/// <remarks>
/// Bytes: version 1, R and opcode 1, reserved 2 (result in the last of them in answers), lifetime 4, then client
/// address
/// 16 in requests, epoch 4 and reserved 12 in answers. MAP and PEER: nonce 12, protocol 1, reserved 3, internal port 2,
/// external port 2, external address 16; PEER: remote port 2, reserved 2, remote address 16.
/// </remarks>
public readonly ref struct PcpView
{
    /// <summary>The version that is spoken here.</summary>
    public const byte Version = 2;

    /// <summary>UDP port of servers.</summary>
    public const ushort ServerPort = 5351;

    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 24;

    /// <summary>Bytes of a MAP message without options.</summary>
    public const int MapSize = 60;

    /// <summary>Bytes of a PEER message without options.</summary>
    public const int PeerSize = 80;

    /// <summary>Bytes that no message exceeds.</summary>
    public const int SizeMax = 1100;

    private const byte ResponseBit = 0x80;
    private const ulong MappedIpv4 = 0x0000FFFF00000000;

    private readonly Span<byte> _message;

    /// <summary>Looks at a message.</summary>
    /// <param name="message">At least as long as what is read: <see cref="HeaderSize"/> and more.</param>
    public PcpView(Span<byte> message) => _message = message;

    /// <summary>It is an answer.</summary>
    public bool IsResponse => (_message[1] & ResponseBit) != 0;

    /// <summary>What is wanted.</summary>
    public PcpOpcode Opcode => (PcpOpcode)(_message[1] & ~ResponseBit);

    /// <summary>Lifetime in seconds: wanted, or granted.</summary>
    public uint Lifetime
    {
        get => BigEndian.Read32(_message, 4);
        set => BigEndian.Write32(_message, 4, value);
    }

    /// <summary>The client's address as it knows it.</summary>
    public Ipv6Address Client => Ipv6Address.Read(_message[8..]);

    /// <summary>First eight bytes of the nonce.</summary>
    public ulong NonceHigh => ((ulong)BigEndian.Read32(_message, 24) << 32) | BigEndian.Read32(_message, 28);

    /// <summary>Last four bytes of the nonce.</summary>
    public uint NonceLow => BigEndian.Read32(_message, 32);

    /// <summary>Transport protocol, 0 for all.</summary>
    public byte Protocol => _message[36];

    /// <summary>Internal port, 0 for all.</summary>
    public ushort InternalPort => BigEndian.Read16(_message, 40);

    /// <summary>External port: suggested, or given.</summary>
    public ushort ExternalPort
    {
        get => BigEndian.Read16(_message, 42);
        set => BigEndian.Write16(_message, 42, value);
    }

    /// <summary>External address: suggested, or given; 0 when it is none of IPv4.</summary>
    public uint ExternalAddress
    {
        get => Ipv4Of(Ipv6Address.Read(_message[44..]));
        set
        {
            _message.Slice(44, 10).Clear();
            BigEndian.Write16(_message, 54, 0xFFFF);
            BigEndian.Write32(_message, 56, value);
        }
    }

    /// <summary>The peer's port.</summary>
    public ushort RemotePort => BigEndian.Read16(_message, 60);

    /// <summary>The peer's address; 0 when it is none of IPv4.</summary>
    public uint RemoteAddress => Ipv4Of(Ipv6Address.Read(_message[64..]));

    /// <summary>An IPv4 address as PCP writes it.</summary>
    public static Ipv6Address Mapped(uint address) => new(0, MappedIpv4 | address);

    /// <summary>Makes the header that of an answer.</summary>
    /// <param name="result">How it went.</param>
    /// <param name="lifetime">Seconds: granted, or how long the error is likely to last.</param>
    /// <param name="epoch">Seconds since the server's state began.</param>
    /// <param name="keepsClient">The rest of the client's address stays, since the request was not understood.</param>
    public void Answer(PcpResult result, uint lifetime, uint epoch, bool keepsClient)
    {
        _message[0] = Version;
        _message[1] |= ResponseBit;
        _message[2] = 0;
        _message[3] = (byte)result;
        Lifetime = lifetime;
        BigEndian.Write32(_message, 8, epoch);
        if (!keepsClient)
            _message.Slice(12, 12).Clear();
    }

    private static uint Ipv4Of(Ipv6Address address) =>
        address.High == 0 && address.Low >> 32 == MappedIpv4 >> 32 ? (uint)address.Low : 0;
}
