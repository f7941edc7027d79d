using System;
using System.Text;

namespace Cgn.Pipeline.Garden;

/// <summary>Reads of the beginning of a request what it asks for (RFC 9112 section 3).</summary>
internal static class HttpRequest
{
    /// <summary>Reads host and target, as far as the segment has them whole.</summary>
    /// <param name="text">The beginning of the request.</param>
    /// <param name="host">The value of its field Host; empty where the target says it.</param>
    /// <param name="target">The request target: a path and query, or a whole URL.</param>
    /// <returns>False when it is no beginning of a request, or does not say for whom it is.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> target)
    {
        host = default;
        target = default;
        int end = text.IndexOf((byte)'\n');
        if (end < 0)
            return false;
        ReadOnlySpan<byte> line = text[..end];
        int blank = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (blank <= 0 || last <= blank || !line[(last + 1)..].StartsWith("HTTP/1."u8))
            return false;
        target = line[(blank + 1)..last];
        if (IsAbsolute(target))
            return true;
        return !target.IsEmpty && target[0] == (byte)'/' && TryReadHost(text[(end + 1)..], out host);
    }

    /// <summary>The target is a whole URL (RFC 9112 section 3.2.2).</summary>
    public static bool IsAbsolute(ReadOnlySpan<byte> target) => Ascii.EqualsIgnoreCase(
        target[..Math.Min(7, target.Length)], "http://"u8);

    private static bool TryReadHost(ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> host)
    {
        host = default;
        for (int end = fields.IndexOf((byte)'\n'); end > 0; end = fields.IndexOf((byte)'\n'))
        {
            ReadOnlySpan<byte> field = fields[..end];
            if (field.Length > 5 && Ascii.EqualsIgnoreCase(field[..5], "host:"u8))
            {
                host = field[5..].Trim(" \t\r"u8);
                return !host.IsEmpty;
            }

            fields = fields[(end + 1)..];
        }

        return false;
    }
}
