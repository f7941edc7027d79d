using System;
using System.Buffers.Binary;
using System.Linq;

using Cgn.Contract.Settings;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>
/// What is asked of every frame that leaves outside in any test: it is IPv4, its source is ours (RFC 2827), and nothing
/// of the softwires' own numbers shows (RFC 7335 section 4).
/// </summary>
public static class OutsideRule
{
    private const uint ServiceContinuity = 0xC0000000;

    public static void Check(byte[] frame, ConfigSnapshot snapshot)
    {
        int at = 12;
        while (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(at)) is 0x8100 or 0x88A8 or 0x9100)
            at += 4;
        Assert.Equal(0x0800, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(at)));
        uint source = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(at + 2 + 12));
        uint destination = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(at + 2 + 16));
        Assert.NotEqual(ServiceContinuity >> 3, source >> 3);
        Assert.NotEqual(ServiceContinuity >> 3, destination >> 3);
        bool ours = source == snapshot.Settings.OutsideAddress
            || snapshot.PassThrough.Length != 0
            || snapshot.Pools.Any(pool => pool.Prefixes.Any(prefix => prefix.Contains(source)));
        Assert.True(ours, $"a packet left outside from {source:x8}, which is no address of a pool");
    }
}
