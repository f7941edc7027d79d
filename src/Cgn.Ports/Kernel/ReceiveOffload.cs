namespace Cgn.Ports.Kernel;

/// <summary>What devices and the kernel do to received packets before anybody sees them.</summary>
internal enum ReceiveOffload
{
    /// <summary>The kernel joins packets to larger ones: generic receive offload.</summary>
    Generic,

    /// <summary>The device joins packets to larger ones: large receive offload.</summary>
    Large,

    /// <summary>The device takes VLAN tags out of the packets.</summary>
    VlanStripping,
}
