namespace Cgn.Model.Tests.Nat;

/// <summary>An IPv4 packet by its fields; the bytes are its own.</summary>
internal sealed class Datagram(byte[] bytes)
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Dccp = 33;
    public const byte Gre = 47;
    public const byte Esp = 50;
    public const byte Sctp = 132;
    public const byte UdpLite = 136;

    public byte[] Bytes { get; } = bytes;

    public int HeaderLength => (Bytes[0] & 15) * 4;

    public int Length => Bytes.Length;

    public int PayloadLength => Length - HeaderLength;

    public byte Tos
    {
        get => Bytes[1];
        set => Bytes[1] = value;
    }

    public ushort Identification
    {
        get => Nat.Bytes.Get16(Bytes, 4);
        set => Nat.Bytes.Put16(Bytes, 4, value);
    }

    public bool DontFragment => (Bytes[6] & 0x40) != 0;

    public bool More => (Bytes[6] & 0x20) != 0;

    public int Offset => (Nat.Bytes.Get16(Bytes, 6) & 0x1FFF) * 8;

    public bool IsFragment => More || Offset != 0;

    public bool IsLater => Offset != 0;

    /// <summary>Its identification means nothing (RFC 6864 section 4).</summary>
    public bool IsAtomic => DontFragment && !IsFragment;

    public byte Ttl
    {
        get => Bytes[8];
        set => Bytes[8] = value;
    }

    public byte Protocol => Bytes[9];

    public uint Source
    {
        get => Nat.Bytes.Get32(Bytes, 12);
        set => Nat.Bytes.Put32(Bytes, 12, value);
    }

    public uint Destination
    {
        get => Nat.Bytes.Get32(Bytes, 16);
        set => Nat.Bytes.Put32(Bytes, 16, value);
    }

    public bool HasPorts => Protocol is Tcp or Udp or UdpLite or Dccp;

    public byte IcmpType => Bytes[HeaderLength];

    public byte TcpFlags => Bytes[HeaderLength + 13];

    public ushort Word(int offset) => Nat.Bytes.Get16(Bytes, HeaderLength + offset);

    public Datagram Copy() => new((byte[])Bytes.Clone());

    public void FillHeaderChecksum()
    {
        Nat.Bytes.Put16(Bytes, 10, 0);
        Nat.Bytes.Put16(Bytes, 10, Nat.Bytes.Checksum(Bytes, 0, HeaderLength));
    }

    /// <summary>Another address on one side, and another port or identifier; the transport checksum moves along.
    /// </summary>
    public void Readdress(bool source, Endpoint to)
    {
        uint before = source ? Source : Destination;
        if (source)
            Source = to.Address;
        else
            Destination = to.Address;
        FillHeaderChecksum();
        if (IsLater)
            return;
        int port = HeaderLength + (Protocol == Icmp ? 4 : source ? 0 : 2);
        int sum = HeaderLength + Protocol switch { Tcp => 16, Icmp => 2, _ => 6 };
        if (Protocol is not (Tcp or Udp or UdpLite or Icmp or Dccp))
            return;
        bool hasSum = sum + 2 <= Length;
        ushort checksum = hasSum ? Nat.Bytes.Get16(Bytes, sum) : (ushort)0;
        bool none = Protocol is Udp or UdpLite && checksum == 0;
        if (Protocol != Icmp)
            checksum = Nat.Bytes.Adjust(checksum, before, to.Address);
        if (HasPorts || Protocol == Icmp)
        {
            checksum = Nat.Bytes.Adjust(checksum, Nat.Bytes.Get16(Bytes, port), to.Port);
            Nat.Bytes.Put16(Bytes, port, to.Port);
        }

        if (Protocol is Udp or UdpLite or Icmp && checksum == 0)
            checksum = 0xFFFF;
        if (hasSum && !none)
            Nat.Bytes.Put16(Bytes, sum, checksum);
    }

    /// <summary>
    /// The same for a packet quoted in an ICMP error, of which not all need be there. The header's checksum is
    /// changed by the difference (RFC 5508 REQ-4a), the transport's where it was quoted.
    /// </summary>
    public void ReaddressQuote(bool source, Endpoint to)
    {
        ushort header = Nat.Bytes.Adjust(
            Nat.Bytes.Get16(Bytes, 10), source ? Source : Destination, to.Address);
        Readdress(source, to);
        Nat.Bytes.Put16(Bytes, 10, header);
    }
}
