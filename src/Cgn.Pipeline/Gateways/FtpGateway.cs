using System;

using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// FTP (RFC 959, RFC 2428): data endpoints that the inside names, be it a client in PORT and EPRT or a server in 227
/// and 229. What the outside names is reached as it stands.
/// </summary>
internal static class FtpGateway
{
    private const byte TlsHandshake = 0x16;

    /// <summary>The line begins an encrypted part (RFC 4217): nothing can be read from here on.</summary>
    public static bool IsEncrypted(ReadOnlySpan<byte> line) => line[0] == TlsHandshake;

    /// <summary>Rewrites a line from inside.</summary>
    /// <param name="line">The whole line.</param>
    /// <param name="talk">Whose it is.</param>
    /// <param name="text">Where the new text goes.</param>
    /// <param name="start">First byte of the line to be replaced.</param>
    /// <param name="length">Bytes to be replaced.</param>
    /// <returns>Bytes of new text, -1 when the line stays as it is.</returns>
    public static int Rewrite(ReadOnlySpan<byte> line, in Talk talk, Span<byte> text, out int start, out int length)
    {
        bool names = FtpLine.TryRead(line, out FtpLine read);
        start = read.Start;
        length = read.Length;
        ref readonly SessionRecord s = ref talk.Record;
        bool hasAddress = read.Kind != FtpLineKind.ExtendedPassive;
        // A third party's endpoint is none of ours (RFC 2577 section 3).
        if (!names || (hasAddress && read.Address != s.InternalAddress)
            || !talk.TryOpen(
                (byte)IpProtocol.Tcp, read.Port, s.RemoteAddress, isPair: false, out uint address, out ushort port))
        {
            return -1;
        }

        // A port alone belongs to the address of the control connection.
        return hasAddress || address == s.ExternalAddress ? read.Write(text, address, port) : -1;
    }
}
