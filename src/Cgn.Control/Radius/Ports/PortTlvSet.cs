using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

using Cgn.Wire;

namespace Cgn.Control.Radius.Ports;

/// <summary>
/// The parts of one attribute about ports: type, length, value each (RFC 6929 §2.3). What is unknown is passed over;
/// what is there twice, or has a wrong length, makes the attribute unusable.
/// </summary>
internal sealed class PortTlvSet
{
    private const int HeaderBytes = 2;
    private const int LocalIdBytesMax = 200;
    private const byte IcmpProtocol = 1;
    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;
    private const byte DccpProtocol = 33;
    private const byte SctpProtocol = 132;
    private const byte UdpLiteProtocol = 136;

    private readonly Dictionary<PortTlv, byte[]> _values = [];

    /// <summary>Protocols that have ports, or identifiers in their place; others have no place in these attributes
    /// (RFC 8045 §3.2.1).</summary>
    public static bool HasPorts(byte protocol) => protocol
        is IcmpProtocol or TcpProtocol or UdpProtocol or DccpProtocol or SctpProtocol or UdpLiteProtocol;

    /// <summary>Reads the parts.</summary>
    /// <returns>Null for what is malformed.</returns>
    public static PortTlvSet? Read(ReadOnlySpan<byte> value)
    {
        var set = new PortTlvSet();
        for (; !value.IsEmpty; value = value[value[1]..])
        {
            if (value.Length < HeaderBytes || value[1] < HeaderBytes || value[1] > value.Length)
                return null;
            var tlv = (PortTlv)value[0];
            ReadOnlySpan<byte> part = value[HeaderBytes..value[1]];
            if (!Enum.IsDefined(tlv))
                continue;
            int bytes = tlv switch
            {
                PortTlv.LocalId => part.Length,
                PortTlv.InternalIpv6 => Ipv6Address.Size,
                _ => sizeof(uint),
            };
            if (part.Length != bytes || !set._values.TryAdd(tlv, part.ToArray()))
                return null;
        }

        return set;
    }

    /// <summary>A part is there.</summary>
    public bool Has(PortTlv tlv) => _values.ContainsKey(tlv);

    /// <summary>An integer, or null.</summary>
    public uint? Number(PortTlv tlv) =>
        _values.TryGetValue(tlv, out byte[]? value) ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>An IPv4 address, or null.</summary>
    public Ipv4Address? Ipv4(PortTlv tlv) => Number(tlv) is { } number ? new Ipv4Address(number) : null;

    /// <summary>The internal IPv6 address, or null.</summary>
    public Ipv6Address? Ipv6() =>
        _values.TryGetValue(PortTlv.InternalIpv6, out byte[]? value) ? Ipv6Address.Read(value) : null;

    /// <summary>The name of the host or softwire, or null.</summary>
    public string? LocalId() =>
        _values.TryGetValue(PortTlv.LocalId, out byte[]? value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>A port: its upper half must be zero.</summary>
    /// <returns>False when it is there and is none.</returns>
    public bool TryPort(PortTlv tlv, out ushort? port)
    {
        uint? number = Number(tlv);
        port = number is <= ushort.MaxValue ? (ushort)number : null;
        return number is null or <= ushort.MaxValue;
    }

    /// <summary>The protocol, null for all of them.</summary>
    /// <returns>False when it has no ports.</returns>
    public bool TryProtocol(out byte? protocol)
    {
        uint? number = Number(PortTlv.PortType);
        protocol = number is <= byte.MaxValue ? (byte)number : null;
        return number is null || (protocol is { } known && HasPorts(known));
    }

    public static void Add(List<byte> to, PortTlv tlv, uint number)
    {
        Span<byte> value = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(value, number);
        AddBytes(to, tlv, value);
    }

    public static void Add(List<byte> to, PortTlv tlv, Ipv6Address address)
    {
        Span<byte> value = stackalloc byte[Ipv6Address.Size];
        address.Write(value);
        AddBytes(to, tlv, value);
    }

    public static void Add(List<byte> to, PortTlv tlv, string text)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        AddBytes(to, tlv, value.AsSpan(0, Math.Min(value.Length, LocalIdBytesMax)));
    }

    private static void AddBytes(List<byte> to, PortTlv tlv, ReadOnlySpan<byte> value)
    {
        to.Add((byte)tlv);
        to.Add((byte)(HeaderBytes + value.Length));
        to.AddRange(value);
    }
}
