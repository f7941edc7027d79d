using System;

namespace Cgn.Wire;

/// <summary>
/// The beginning of a PPTP control message (RFC 2637 section 2): which call identifiers it carries, and where. A
/// message names the sender's own identifier, its peer's, or both.
/// </summary>
public readonly struct PptpMessage
{
    /// <summary>Bytes of a message that say all there is to know; none is shorter.</summary>
    public const int StartBytes = 16;

    private const uint Cookie = 0x1A2B3C4D;
    private const ushort ControlMessage = 1;
    private const int First = 12;
    private const int Second = 14;

    private PptpMessage(int length, int ownAt, int peerAt, bool begins)
    {
        Length = length;
        OwnAt = ownAt;
        PeerAt = peerAt;
        Begins = begins;
    }

    /// <summary>Bytes of the message, <see cref="StartBytes"/> or more.</summary>
    public int Length { get; }

    /// <summary>Offset of the sender's own call identifier, 0 for none.</summary>
    public int OwnAt { get; }

    /// <summary>Offset of the peer's call identifier, 0 for none.</summary>
    public int PeerAt { get; }

    /// <summary>The sender's identifier is new: it asks for a call, or accepts one.</summary>
    public bool Begins { get; }

    /// <summary>Reads the beginning of a message.</summary>
    /// <param name="start">At least <see cref="StartBytes"/> bytes.</param>
    /// <param name="read">What it says.</param>
    /// <returns>False for what is no message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> start, out PptpMessage read)
    {
        read = default;
        if (start.Length < StartBytes)
            return false;
        int length = BigEndian.Read16(start, 0);
        if (length < StartBytes || BigEndian.Read16(start, 2) != ControlMessage || BigEndian.Read32(start, 4) != Cookie)
            return false;
        read = BigEndian.Read16(start, 8) switch
        {
            7 or 9 => new PptpMessage(length, First, 0, begins: true), // Outgoing-, Incoming-Call-Request
            8 or 10 => new PptpMessage(length, First, Second, begins: true), // the replies to them
            12 or 13 => new PptpMessage(length, First, 0, begins: false), // Call-Clear-Request, -Disconnect-Notify
            11 or 14 or 15 => new PptpMessage(length, 0, First, begins: false), // Connected, WAN-Error, Set-Link-Info
            _ => new PptpMessage(length, 0, 0, begins: false),
        };
        return true;
    }
}
