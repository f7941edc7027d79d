using System;

namespace Cgn.Wire;

/// <summary>The packet that begins a transfer by TFTP (RFC 1350 section 5).</summary>
public static class TftpRequest
{
    private const int LengthMin = 6; // operation, a name, its end, a mode, its end

    /// <summary>Whether it is a request to read or to write.</summary>
    /// <param name="payload">Of the datagram.</param>
    public static bool Is(ReadOnlySpan<byte> payload) =>
        payload.Length >= LengthMin && payload[0] == 0 && payload[1] is 1 or 2 && payload[2] != 0
        && payload[3..].Contains((byte)0);
}
