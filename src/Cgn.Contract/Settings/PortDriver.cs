namespace Cgn.Contract.Settings;

/// <summary>How a device's frames are reached. Numbers are part of the snapshot file.</summary>
public enum PortDriver : byte
{
    /// <summary>AF_XDP where the device and our privileges allow it, else libpcap.</summary>
    Auto = 0,

    /// <summary>AF_XDP sockets behind an XDP program.</summary>
    AfXdp = 1,

    /// <summary>libpcap on the live device.</summary>
    Pcap = 2,
}
