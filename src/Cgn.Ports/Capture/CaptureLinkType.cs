namespace Cgn.Ports.Capture;

/// <summary>
/// What the first byte of a captured packet belongs to: libpcap's DLT numbers on Linux (pcap-linktype(7)). A file may
/// hold others; they keep their number.
/// </summary>
public enum CaptureLinkType
{
    /// <summary>
    /// BSD loopback: an address family in four bytes, in the byte order of the machine that captured.
    /// </summary>
    Null = 0,

    /// <summary>Ethernet II or IEEE 802.3 with its header, without frame check sequence.</summary>
    Ethernet = 1,

    /// <summary>PPP (RFC 1661), with or without the address and control bytes FF 03 of RFC 1662.</summary>
    Ppp = 9,

    /// <summary>IPv4 or IPv6 from the first byte, told apart by the version nibble.</summary>
    RawIp = 12,

    /// <summary>PPP in HDLC-like framing (RFC 1662), or Cisco HDLC.</summary>
    PppSerial = 50,

    /// <summary>PPPoE session packets (RFC 2516) from the PPPoE header on.</summary>
    PppEther = 51,

    /// <summary>OpenBSD loopback: an address family in four bytes, in network order.</summary>
    Loop = 108,

    /// <summary>Linux "cooked" capture, version 1: 16 bytes, protocol in the last two.</summary>
    LinuxSll = 113,

    /// <summary>IPv4 from the first byte.</summary>
    Ipv4 = 228,

    /// <summary>IPv6 from the first byte.</summary>
    Ipv6 = 229,

    /// <summary>Linux "cooked" capture, version 2: 20 bytes, protocol in the first two.</summary>
    LinuxSll2 = 276,
}
