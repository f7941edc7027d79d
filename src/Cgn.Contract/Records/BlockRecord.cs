using System.Runtime.InteropServices;

using Cgn.Memory.Tables;

namespace Cgn.Contract.Records;

/// <summary>
/// A port block that is given out: a contiguous range of ports of one external address, and who has it. 32 bytes; host
/// byte order. Only blocks that somebody has take a record; which others are free follows from the pools. Dead while
/// <see cref="Subscriber"/> is 0.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct BlockRecord : ISlabRecord
{
    /// <summary>Bytes a record.</summary>
    public const int SizeBytes = 32;

    /// <summary>
    /// In place of the subscriber's number: whoever had it was forgotten by command, and nobody gets it before its
    /// ports would have been held long enough (RFC 6888 REQ-8).
    /// </summary>
    public const uint Waiting = uint.MaxValue;

    /// <summary>Number of the subscriber's record, 0 for none, or <see cref="Waiting"/>.</summary>
    [FieldOffset(0)] public uint Subscriber;

    /// <summary>Next block of the same subscriber, 0 at the end.</summary>
    [FieldOffset(4)] public uint NextOfSubscriber;

    /// <summary>TCP ports taken, held ones included.</summary>
    [FieldOffset(8)] public ushort UsedTcp;

    /// <summary>UDP ports taken, held ones included.</summary>
    [FieldOffset(10)] public ushort UsedUdp;

    /// <summary>ICMP query identifiers taken, held ones included.</summary>
    [FieldOffset(12)] public ushort UsedIcmp;

    /// <summary>Ports of any other protocol taken, held ones included.</summary>
    [FieldOffset(14)] public ushort UsedOther;

    /// <summary>
    /// External address whose ports these are; kept while the block is given out, so that the record explains itself.
    /// </summary>
    [FieldOffset(16)] public uint ExternalAddress;

    /// <summary>
    /// Tick at which its last port became free, or at which it was given out; meaningful while nothing is used.
    /// </summary>
    [FieldOffset(20)] public uint IdleSince;

    /// <summary>Unix time in seconds (unsigned, to 2106) at which the block was given out: what the log said.</summary>
    [FieldOffset(24)] public uint AllocatedUnixSeconds;

    /// <summary>First port of the block.</summary>
    [FieldOffset(28)] public ushort FirstPort;

    /// <summary>Last port of the block.</summary>
    [FieldOffset(30)] public ushort LastPort;

    /// <summary>A subscriber has it.</summary>
    public readonly bool IsGivenOut => Subscriber is not (0 or Waiting);

    /// <inheritdoc/>
    public static int LiveAt => 0;

    /// <inheritdoc/>
    public static int LinkAt => 0;

    /// <inheritdoc/>
    public readonly bool IsLive => Subscriber != 0;

    /// <inheritdoc/>
    public uint Link
    {
        readonly get => NextOfSubscriber;
        set => NextOfSubscriber = value;
    }

    /// <inheritdoc/>
    public void Clear() => Subscriber = 0;
}
