using System.Runtime.InteropServices;

using Cgn.Contract.Settings;
using Cgn.Memory.Tables;

namespace Cgn.Contract.Records;

/// <summary>
/// What a gateway keeps of a TCP connection, beside its session. Host byte order. Dead while <see cref="Session"/> is
/// 0, whose store makes it live.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct GatewayRecord : ISlabRecord
{
    /// <summary>Number of the session's record, 0 for none.</summary>
    public uint Session;

    /// <summary>Next free record.</summary>
    public uint NextFree;

    /// <summary>Which gateway; one bit.</summary>
    public ApplicationGateways Kind;

    /// <summary>From inside to outside.</summary>
    public GatewayStream Outbound;

    /// <summary>From outside to inside.</summary>
    public GatewayStream Inbound;

    /// <inheritdoc/>
    public static int LiveAt => 0;

    /// <inheritdoc/>
    public static int LinkAt => 0;

    /// <inheritdoc/>
    public readonly bool IsLive => Session != 0;

    /// <inheritdoc/>
    public uint Link
    {
        readonly get => NextFree;
        set => NextFree = value;
    }

    /// <inheritdoc/>
    public void Clear() => Session = 0;
}
