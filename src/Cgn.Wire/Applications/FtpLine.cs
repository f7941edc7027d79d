using System;

namespace Cgn.Wire;

/// <summary>The endpoint in a line of an FTP control connection (RFC 959, RFC 2428), and where it stands.</summary>
public struct FtpLine
{
    /// <summary>Longest text that <see cref="Write"/> makes, in bytes.</summary>
    public const int TextMax = 32;

    /// <summary>What kind of line.</summary>
    public FtpLineKind Kind { get; private set; }

    /// <summary>Address, host order; 0 where the line has none.</summary>
    public uint Address { get; private set; }

    /// <summary>Port.</summary>
    public ushort Port { get; private set; }

    /// <summary>First byte of the endpoint's text in the line.</summary>
    public int Start { get; private set; }

    /// <summary>Bytes of the endpoint's text.</summary>
    public int Length { get; private set; }

    private byte _delimiter;

    /// <summary>Whether the beginning of a line may become one that names an endpoint.</summary>
    /// <param name="start">The line so far.</param>
    public static bool MayBecome(ReadOnlySpan<byte> start) =>
        AsciiText.MayStart(start, "PORT "u8) || AsciiText.MayStart(start, "EPRT "u8)
        || AsciiText.MayStart(start, "227 "u8) || AsciiText.MayStart(start, "229 "u8);

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, with or without its end.</param>
    /// <param name="read">What it says.</param>
    /// <returns>False when it names no IPv4 endpoint.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out FtpLine read)
    {
        read = default;
        if (AsciiText.StartsWith(line, "PORT "u8))
            return read.TryNumbers(line, 5, FtpLineKind.Port);
        if (AsciiText.StartsWith(line, "EPRT "u8))
            return read.TryExtended(line);
        if (AsciiText.StartsWith(line, "227 "u8))
            return read.TryPassive(line);
        return AsciiText.StartsWith(line, "229 "u8) && read.TryExtendedPassive(line);
    }

    /// <summary>Writes another endpoint as it is to stand in the line in place of this one.</summary>
    /// <param name="to">At least <see cref="TextMax"/> bytes.</param>
    /// <param name="address">Host order.</param>
    /// <param name="port">Port.</param>
    /// <returns>Bytes written.</returns>
    public readonly int Write(Span<byte> to, uint address, ushort port)
    {
        int at = 0;
        switch (Kind)
        {
            case FtpLineKind.ExtendedPort:
                to[at++] = _delimiter;
                to[at++] = (byte)'1';
                to[at++] = _delimiter;
                at += AsciiText.WriteAddress(to[at..], address);
                to[at++] = _delimiter;
                at += AsciiText.Write(to[at..], port);
                to[at++] = _delimiter;
                return at;
            case FtpLineKind.ExtendedPassive:
                return AsciiText.Write(to, port);
            default:
                at += AsciiText.WriteAddress(to, address, (byte)',');
                to[at++] = (byte)',';
                at += AsciiText.Write(to[at..], (byte)(port >> 8));
                to[at++] = (byte)',';
                return at + AsciiText.Write(to[at..], (byte)port);
        }
    }

    private bool TryNumbers(ReadOnlySpan<byte> line, int from, FtpLineKind kind)
    {
        ReadOnlySpan<byte> rest = AsciiText.SkipSpace(line[from..]);
        int start = line.Length - rest.Length;
        uint address = 0;
        uint port = 0;
        for (int i = 0; i < 6; i++)
        {
            if ((i != 0 && !AsciiText.TryTake(ref rest, (byte)','))
                || !AsciiText.TryTakeNumber(ref rest, 255, out uint part))
            {
                return false;
            }

            address = i < 4 ? (address << 8) | part : address;
            port = i < 4 ? 0 : (port << 8) | part;
        }

        Set(kind, address, port, start, line.Length - rest.Length - start);
        return Port != 0;
    }

    private bool TryPassive(ReadOnlySpan<byte> line)
    {
        // Servers put what they like before the numbers (RFC 1123 section 4.1.2.6): the first six in a row count.
        for (int at = 4; at < line.Length; at++)
        {
            bool begins = char.IsAsciiDigit((char)line[at]) && !char.IsAsciiDigit((char)line[at - 1]);
            if (begins && TryNumbers(line, at, FtpLineKind.Passive))
                return true;
        }

        return false;
    }

    private bool TryExtended(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = AsciiText.SkipSpace(line[5..]);
        int start = line.Length - rest.Length;
        if (rest.IsEmpty || rest[0] is < 33 or > 126)
            return false;
        _delimiter = rest[0];
        rest = rest[1..];
        if (!AsciiText.TryTake(ref rest, (byte)'1') || !AsciiText.TryTake(ref rest, _delimiter)
            || !AsciiText.TryTakeAddress(ref rest, out uint address) || !AsciiText.TryTake(ref rest, _delimiter)
            || !AsciiText.TryTakeNumber(ref rest, ushort.MaxValue, out uint port)
            || !AsciiText.TryTake(ref rest, _delimiter))
        {
            return false;
        }

        Set(FtpLineKind.ExtendedPort, address, port, start, line.Length - rest.Length - start);
        return port != 0;
    }

    private bool TryExtendedPassive(ReadOnlySpan<byte> line)
    {
        int open = line.IndexOf((byte)'(');
        if (open < 0 || open + 4 >= line.Length)
            return false;
        ReadOnlySpan<byte> rest = line[(open + 1)..];
        byte delimiter = rest[0];
        for (int i = 0; i < 3; i++)
        {
            if (!AsciiText.TryTake(ref rest, delimiter))
                return false;
        }

        int start = line.Length - rest.Length;
        if (!AsciiText.TryTakeNumber(ref rest, ushort.MaxValue, out uint port))
            return false;
        Set(FtpLineKind.ExtendedPassive, 0, port, start, line.Length - rest.Length - start);
        return port != 0 && AsciiText.TryTake(ref rest, delimiter);
    }

    private void Set(FtpLineKind kind, uint address, uint port, int start, int length)
    {
        Kind = kind;
        Address = address;
        Port = (ushort)port;
        Start = start;
        Length = length;
    }
}
