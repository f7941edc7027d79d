namespace Cgn.Ports.Kernel;

/// <summary>A device as the kernel describes it, with the port that its frames leave by.</summary>
internal sealed class Link
{
    internal const int NoPort = -1;

    internal required int Index { get; init; }

    internal string Name { get; set; } = string.Empty;

    internal bool IsUp { get; set; }

    internal int Mtu { get; set; }

    /// <summary>Six bytes; all 0 on a device without link-layer addresses.</summary>
    internal byte[] Mac { get; } = new byte[6];

    internal bool HasMac { get; set; }

    /// <summary>The device below a VLAN; 0 for none.</summary>
    internal int Parent { get; set; }

    internal bool IsVlan { get; set; }

    internal ushort VlanId { get; set; }

    /// <summary>Type field that announces the tag: 0x8100 or 0x88A8.</summary>
    internal ushort VlanProtocol { get; set; } = 0x8100;

    /// <summary>
    /// Port that frames leave by, itself or the device below; <see cref="NoPort"/> when that is none of ours.
    /// </summary>
    internal int Port { get; set; } = NoPort;

    /// <summary>
    /// VLAN tags of frames that leave by it, outermost first: type and tag control, both in network order.
    /// </summary>
    internal byte[] Tags { get; set; } = [];
}
