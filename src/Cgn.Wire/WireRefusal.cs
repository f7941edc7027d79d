namespace Cgn.Wire;

/// <summary>
/// Why bytes would not open as a view. A refusal is not yet a drop: the pipeline decides what becomes of the packet.
/// </summary>
public enum WireRefusal : byte
{
    /// <summary>Not refused: the view is open.</summary>
    None = 0,

    /// <summary>Fewer bytes than the fixed header of the protocol.</summary>
    TooShort,

    /// <summary>The version field names another version (RFC 791 §3.1, RFC 8200 §3, RFC 2637 §4.1).</summary>
    BadVersion,

    /// <summary>
    /// A header length field is below the fixed header or runs past the packet (RFC 791 IHL, RFC 9293 data offset).
    /// </summary>
    BadHeaderLength,

    /// <summary>
    /// A total or payload length field is below the header that carries it (RFC 1812 §5.2.2, RFC 768).
    /// </summary>
    BadTotalLength,

    /// <summary>A total or payload length field promises more bytes than arrived (RFC 1812 §5.2.2).</summary>
    Truncated,

    /// <summary>The IPv4 header checksum is wrong (RFC 1812 §5.2.2).</summary>
    BadChecksum,

    /// <summary>The type field is an IEEE 802.3 length (below 0x0600), so the frame is not Ethernet II.</summary>
    NotEthernet2,

    /// <summary>More than two VLAN tags.</summary>
    TooManyTags,

    /// <summary>A checksum coverage that is forbidden or runs past the packet (RFC 3828 §3.1).</summary>
    BadCoverage,
}
