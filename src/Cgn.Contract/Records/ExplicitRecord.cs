using System.Runtime.InteropServices;

using Cgn.Memory.Tables;

namespace Cgn.Contract.Records;

/// <summary>
/// What a <see cref="MappingRecord"/> has beside it while it is <see cref="MappingState.Explicit"/>: until when, for
/// whom, who may change it. 32 bytes; host byte order. Dead while <see cref="Mapping"/> is 0, whose store makes it
/// live.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct ExplicitRecord : ISlabRecord
{
    /// <summary>Bytes a record.</summary>
    public const int SizeBytes = 32;

    /// <summary>Number of the mapping's record, 0 for none.</summary>
    [FieldOffset(0)] public uint Mapping;

    /// <summary>Tick from which it is the mapping's no longer; meaningless while <see cref="Control"/> lives.</summary>
    [FieldOffset(4)] public uint EndsAt;

    /// <summary>The only remote address that is admitted, 0 for any.</summary>
    [FieldOffset(8)] public uint RemoteAddress;

    /// <summary>Remote port that a peer mapping was asked for; 0 for any.</summary>
    [FieldOffset(12)] public ushort RemotePort;

    /// <summary>Who asked for it.</summary>
    [FieldOffset(14)] public ExplicitKind Kind;

    /// <summary>Nonce of the request, its first eight bytes as a big-endian number (RFC 6887 section 11.1).</summary>
    [FieldOffset(16)] public ulong NonceHigh;

    /// <summary>Its last four bytes.</summary>
    [FieldOffset(24)] public uint NonceLow;

    /// <summary>
    /// Number of the session of the control connection that keeps it, 0 for none. Once that has closed or ended, the
    /// mapping stays for a grace time.
    /// </summary>
    [FieldOffset(28)] public uint Control;

    /// <inheritdoc/>
    public static int LiveAt => 0;

    /// <inheritdoc/>
    public static int LinkAt => 0;

    /// <inheritdoc/>
    public readonly bool IsLive => Mapping != 0;

    /// <inheritdoc/>
    public uint Link
    {
        readonly get => EndsAt;
        set => EndsAt = value;
    }

    /// <inheritdoc/>
    public void Clear() => Mapping = 0;
}
