using System;
using System.Buffers.Binary;

using Cgn.Wire;

namespace Cgn.Pipeline.Tests;

/// <summary>What a PCP server said.</summary>
public sealed record PcpAnswer(byte[] Bytes)
{
    public int Result => Bytes[3];

    public uint Lifetime => BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(4));

    public uint Epoch => BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(8));

    public ushort Port => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(42));

    public string Address => Ipv4Address.Read(Bytes.AsSpan(56)).ToString();
}
