using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// Reads a stream of lines as it comes, in segments of any size. The beginning of a line that may name an endpoint is
/// held back until the line is whole; everything else goes on at once.
/// </summary>
internal static class LineReader
{
    /// <summary>Reads what is new.</summary>
    /// <param name="s">The stream; its changes are added, and it is read on.</param>
    /// <param name="fresh">Bytes from <see cref="GatewayStream.Next"/> on.</param>
    /// <param name="talk">Whose it is.</param>
    /// <param name="kind">Which gateway.</param>
    public static void Read(
        ref GatewayStream s, ReadOnlySpan<byte> fresh, in Talk talk, ApplicationGateways kind)
    {
        int changes = 0;
        while (!fresh.IsEmpty && s.IsOpaque == 0)
        {
            if (s.Skip != 0)
            {
                int skipped = (int)Math.Min(s.Skip, (uint)fresh.Length);
                s.Skip -= (uint)skipped;
                s.Next += (uint)skipped;
                fresh = fresh[skipped..];
                continue;
            }

            if (s.IsInLine == 0 && s.HeldLength == 0 && kind == ApplicationGateways.Rtsp
                && RtspGateway.TryFrame(fresh, out s.Skip))
            {
                continue;
            }

            int end = fresh.IndexOf((byte)'\n');
            ReadOnlySpan<byte> piece = end < 0 ? fresh : fresh[..(end + 1)];
            if (s.IsInLine == 0 && s.HeldLength == 0 && kind == ApplicationGateways.Ftp
                && FtpGateway.IsEncrypted(piece))
            {
                s.IsOpaque = 1;
                break;
            }

            // More changes in one segment than are remembered would lose the first of them.
            bool isFull = changes == GatewayStream.EditsMax;
            if (s.IsInLine == 0 && !isFull)
                changes += Piece(ref s, piece, end >= 0, talk, kind) ? 1 : 0;
            else
                Pass(ref s, piece.Length);
            if (end >= 0)
                s.IsInLine = 0;
            fresh = fresh[piece.Length..];
        }

        s.Next += (uint)fresh.Length;
    }

    // A line or the beginning of one. True when the stream was changed.
    private static bool Piece(
        ref GatewayStream s, ReadOnlySpan<byte> piece, bool isWhole, in Talk talk, ApplicationGateways kind)
    {
        if (s.HeldLength == 0 && isWhole)
            return Line(ref s, piece, talk, kind);
        if (s.HeldLength == 0 && !MayMatter(piece, kind))
        {
            Pass(ref s, piece.Length);
            return false;
        }

        int held = s.HeldLength;
        Span<byte> line = s.Held;
        int taken = Math.Min(piece.Length, GatewayStream.HeldLineMax - held);
        piece[..taken].CopyTo(line[held..]);
        bool fits = taken == piece.Length;
        // One byte more than is held must fit: new text goes out with a byte that comes now.
        if (fits && !isWhole && held + taken < GatewayStream.HeldLineMax && MayMatter(line[..(held + taken)], kind))
        {
            s.HeldLength += (byte)taken;
            s.Next += (uint)taken;
            return false;
        }

        if (fits && isWhole)
            HeldLine(ref s, line[..(held + taken)], talk, kind);
        else
            Release(ref s, line[..(held + taken)], held, piece.Length, ref isWhole);
        return true;
    }

    private static bool Line(ref GatewayStream s, ReadOnlySpan<byte> line, in Talk talk, ApplicationGateways kind)
    {
        Span<byte> text = stackalloc byte[GatewayEdit.TextBytes];
        int length = Rewrite(line, talk, kind, text, out int start, out int old);
        if (length >= 0 && old > 0)
            StreamEdits.Add(ref s, s.Next + (uint)start, old, text[..length]);
        s.Next += (uint)line.Length;
        return length >= 0;
    }

    // The line is whole now, and its beginning has not gone out: it goes out whole.
    private static void HeldLine(
        ref GatewayStream s, ReadOnlySpan<byte> line, in Talk talk, ApplicationGateways kind)
    {
        Span<byte> text = stackalloc byte[GatewayEdit.TextBytes];
        Span<byte> changed = stackalloc byte[GatewayEdit.TextBytes];
        int length = Rewrite(line, talk, kind, changed, out int start, out int old);
        int behind = start + old;
        int total = line.Length;
        line.CopyTo(text);
        if (length >= 0 && line.Length - old + length <= text.Length)
        {
            changed[..length].CopyTo(text[start..]);
            line[behind..].CopyTo(text[(start + length)..]);
            total = line.Length - old + length;
        }

        StreamEdits.GiveOut(ref s, line.Length, text[..total]);
    }

    // What was held back does not matter after all, or is too long: it goes out as it was, and so does the rest.
    private static void Release(
        ref GatewayStream s, ReadOnlySpan<byte> line, int held, int pieceLength, ref bool isWhole)
    {
        int taken = line.Length - held;
        StreamEdits.GiveOut(ref s, line.Length, line);
        s.Next += (uint)(pieceLength - taken);
        s.IsInLine = (byte)(isWhole ? 0 : 1);
    }

    private static void Pass(ref GatewayStream s, int length)
    {
        s.IsInLine = 1;
        s.Next += (uint)length;
    }

    private static bool MayMatter(ReadOnlySpan<byte> start, ApplicationGateways kind) => kind switch
    {
        ApplicationGateways.Ftp => FtpLine.MayBecome(start),
        ApplicationGateways.Rtsp => RtspTransport.MayBecome(start),
        _ => false,
    };

    private static int Rewrite(
        ReadOnlySpan<byte> line, in Talk talk, ApplicationGateways kind, Span<byte> text, out int start, out int length)
    {
        start = 0;
        length = 0;
        return kind switch
        {
            ApplicationGateways.Ftp => FtpGateway.Rewrite(line, talk, text, out start, out length),
            ApplicationGateways.Rtsp => RtspGateway.Rewrite(line, talk, text, out start, out length),
            _ => -1,
        };
    }
}
