using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>What differs from packet to packet of the generated traffic: 40 bytes, read in sequence.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeBytes)]
internal struct FlowTemplate
{
    /// <summary>Bytes a template.</summary>
    public const int SizeBytes = 40;

    /// <summary>
    /// Upper half of the softwire's source as it lies in the packet; 0 for packets without a softwire.
    /// </summary>
    public ulong B4High;

    /// <summary>
    /// First 32 bytes of the IPv4 packet: header, UDP header, number of the session in network order.
    /// </summary>
    public Vector256<byte> Head;
}
