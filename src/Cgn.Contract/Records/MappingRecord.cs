using System.Runtime.InteropServices;

using Cgn.Memory.Tables;

namespace Cgn.Contract.Records;

/// <summary>
/// An internal endpoint and the external endpoint that stands for it (RFC 4787 section 4). 32 bytes; host byte
/// order. Dead while <see cref="State"/> is <see cref="MappingState.None"/>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct MappingRecord : ISlabRecord
{
    /// <summary>Bytes a record.</summary>
    public const int SizeBytes = 32;

    /// <summary>Number of the subscriber's record.</summary>
    [FieldOffset(0)] public uint Subscriber;

    /// <summary>Internal IPv4 address.</summary>
    [FieldOffset(4)] public uint InternalAddress;

    /// <summary>External IPv4 address.</summary>
    [FieldOffset(8)] public uint ExternalAddress;

    /// <summary>Internal port or query identifier; 0 for protocols without ports.</summary>
    [FieldOffset(12)] public ushort InternalPort;

    /// <summary>External port or query identifier; 0 for protocols without ports.</summary>
    [FieldOffset(14)] public ushort ExternalPort;

    /// <summary>Transport protocol, as in the IPv4 header.</summary>
    [FieldOffset(16)] public byte Protocol;

    /// <summary>Live, held down or none.</summary>
    [FieldOffset(17)] public MappingState State;

    /// <summary>Sessions that the mapping has, 0 to 65,535.</summary>
    [FieldOffset(18)] public ushort SessionCount;

    /// <summary>First session of the mapping's chain, 0 for none.</summary>
    [FieldOffset(20)] public uint FirstSession;

    /// <summary>Number of the port block's record in the shard, 0 when the port belongs to none (static).</summary>
    [FieldOffset(24)] public uint Block;

    /// <summary>
    /// While held down, the tick at which the port is free again. While live with address-dependent mapping, the
    /// remote address that the mapping is for; with address-only protocols likewise. While explicit, the number of its
    /// <see cref="ExplicitRecord"/>.
    /// </summary>
    [FieldOffset(28)] public uint Aux;

    /// <inheritdoc/>
    public static int LiveAt => 16;

    /// <inheritdoc/>
    public static int LinkAt => 0;

    /// <inheritdoc/>
    public readonly bool IsLive => State != MappingState.None;

    /// <inheritdoc/>
    public uint Link
    {
        readonly get => Subscriber;
        set => Subscriber = value;
    }

    /// <inheritdoc/>
    public void Clear() => State = MappingState.None;
}
