namespace Cgn.Wire;

/// <summary>
/// The TCP options that a NAT reads: maximum segment size and window scale (RFC 9293 §3.7.1, RFC 7323 §2).
/// </summary>
public readonly record struct TcpOptions
{
    /// <summary>
    /// Where the two bytes of the MSS value begin, from the first byte of the TCP header; 0 when there is none.
    /// </summary>
    public int MssOffset { get; init; }

    /// <summary>The MSS in bytes; 0 when there is none.</summary>
    public ushort Mss { get; init; }

    /// <summary>Whether a window scale option was read.</summary>
    public bool HasWindowScale { get; init; }

    /// <summary>The shift count, 0 to 14; greater values on the wire count as 14 (RFC 7323 §2.3).</summary>
    public byte WindowScale { get; init; }

    /// <summary>The list ended at a length that is impossible; what stood before it was still read.</summary>
    public bool IsMalformed { get; init; }
}
