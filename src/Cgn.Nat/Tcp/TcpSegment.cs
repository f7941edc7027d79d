namespace Cgn.Nat;

/// <summary>
/// What tracking needs of a TCP header (RFC 9293 3.1). Host order. The default value stands for other protocols.
/// </summary>
public struct TcpSegment
{
    /// <summary>Window scale of a segment that carries none.</summary>
    public const byte NoWindowScale = 0xFF;

    /// <summary>Sequence number of the first byte, or of the SYN.</summary>
    public uint Sequence;

    /// <summary>Acknowledgment number; counts only with the ACK bit.</summary>
    public uint Acknowledgment;

    /// <summary>Payload after the header, in bytes.</summary>
    public int PayloadLength;

    /// <summary>Window as it stands in the header, unscaled.</summary>
    public ushort Window;

    /// <summary>The eight control bits: <see cref="Cgn.Wire.TcpFlags"/>.</summary>
    public byte Flags;

    /// <summary>
    /// Shift of the window scale option (RFC 7323 section 2), 0 to 14, or <see cref="NoWindowScale"/>. Read from SYNs
    /// only.
    /// </summary>
    public byte WindowScale;
}
