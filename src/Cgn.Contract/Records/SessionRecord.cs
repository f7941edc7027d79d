using System.Runtime.InteropServices;

using Cgn.Memory.Tables;

namespace Cgn.Contract.Records;

/// <summary>
/// One mapping and one remote endpoint (RFC 6146 3.1): what established traffic is translated by. One cache line;
/// host byte order. Dead (zero) while <see cref="State"/> is <see cref="SessionState.None"/>; setting it is the
/// last store of a birth and the first of a death.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct SessionRecord : ISlabRecord
{
    /// <summary>Bytes a record.</summary>
    public const int SizeBytes = 64;

    /// <summary>Remote IPv4 address.</summary>
    [FieldOffset(0)] public uint RemoteAddress;

    /// <summary>Remote port; the query identifier's peer is 0 for ICMP; 0 for protocols without ports.</summary>
    [FieldOffset(4)] public ushort RemotePort;

    /// <summary>Internal port or query identifier.</summary>
    [FieldOffset(6)] public ushort InternalPort;

    /// <summary>Internal IPv4 address.</summary>
    [FieldOffset(8)] public uint InternalAddress;

    /// <summary>External IPv4 address.</summary>
    [FieldOffset(12)] public uint ExternalAddress;

    /// <summary>External port or query identifier.</summary>
    [FieldOffset(16)] public ushort ExternalPort;

    /// <summary>Transport protocol, as in the IPv4 header.</summary>
    [FieldOffset(18)] public byte Protocol;

    /// <summary>Which timer runs and, for TCP, how far the connection is.</summary>
    [FieldOffset(19)] public SessionState State;

    /// <summary>Number of the subscriber's record.</summary>
    [FieldOffset(20)] public uint Subscriber;

    /// <summary>Number of the mapping's record.</summary>
    [FieldOffset(24)] public uint Mapping;

    /// <summary>Tick of the last packet that refreshed the session.</summary>
    [FieldOffset(28)] public uint LastActive;

    /// <summary>
    /// RFC 1624 difference, internal to external, of the address: for the IPv4 header's checksum outbound; its
    /// complement inbound.
    /// </summary>
    [FieldOffset(32)] public ushort AddressDelta;

    /// <summary>
    /// The same for the transport checksum: of address and port together; of the identifier alone for ICMP, whose
    /// checksum has no pseudo-header; of the address alone for protocols without ports.
    /// </summary>
    [FieldOffset(34)] public ushort TransportDelta;

    /// <summary>Next session of the same mapping, 0 at the end.</summary>
    [FieldOffset(36)] public uint NextOfMapping;

    /// <summary>Previous session of the same mapping, 0 at the start.</summary>
    [FieldOffset(40)] public uint PreviousOfMapping;

    /// <summary>TCP: highest sequence number plus length seen from inside.</summary>
    [FieldOffset(44)] public uint InsideEnd;

    /// <summary>TCP: highest sequence number plus length seen from outside.</summary>
    [FieldOffset(48)] public uint OutsideEnd;

    /// <summary>
    /// TCP: largest window that the outside offered to the inside, scaled by the outside's announced scale.
    /// </summary>
    [FieldOffset(52)] public ushort InsideWindow;

    /// <summary>
    /// TCP: largest window that the inside offered to the outside, scaled by the inside's announced scale.
    /// </summary>
    [FieldOffset(54)] public ushort OutsideWindow;

    /// <summary>Marks: <see cref="SessionFlags"/>.</summary>
    [FieldOffset(56)] public SessionFlags Flags;

    /// <summary>TCP window scales: low four bits what the inside announced, high four what the outside did.</summary>
    [FieldOffset(57)] public byte WindowScales;

    /// <summary>
    /// Next hop towards the remote endpoint, as a number of the next-hop table; valid for <see
    /// cref="NextHopGeneration"/>.
    /// </summary>
    [FieldOffset(58)] public ushort NextHop;

    /// <summary>Generation of the next-hop table that <see cref="NextHop"/> was looked up in.</summary>
    [FieldOffset(60)] public uint NextHopGeneration;

    /// <inheritdoc/>
    public static int LiveAt => 16;

    /// <inheritdoc/>
    public static int LinkAt => 0;

    /// <inheritdoc/>
    public readonly bool IsLive => State != SessionState.None;

    /// <inheritdoc/>
    public uint Link
    {
        readonly get => RemoteAddress;
        set => RemoteAddress = value;
    }

    /// <inheritdoc/>
    public void Clear() => State = SessionState.None;
}
