using System;
using System.Text;

using Cgn.Contract.Settings;
using Cgn.Memory;

namespace Cgn.Pipeline.Garden;

/// <summary>The redirect to the portal (RFC 9110 section 15.4.3), worked out once but for what was asked for.</summary>
public sealed class GardenPortal
{
    /// <summary>
    /// Bytes of an answer at most: with its headers it goes through any softwire whole (RFC 8200 section 5).
    /// </summary>
    public const int AnswerBytesMax = 1280 - 40 - 8 - 20 - 20;

    private const long NsPerSecond = 1_000_000_000;

    private readonly byte[] _begin;
    private readonly byte[] _key;
    private readonly byte[] _end;

    /// <summary>Works it out.</summary>
    /// <param name="snapshot">The configuration.</param>
    public GardenPortal(ConfigSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        WalledGardenSettings garden = snapshot.WalledGarden;
        _begin = Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: {garden.Portal}");
        char separator = garden.Portal.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        _key = garden.OriginalUrlKey.Length == 0
            ? []
            : Encoding.ASCII.GetBytes($"{separator}{garden.OriginalUrlKey}=");
        _end = "\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
        // Each worker has its share of the rate, so that all together keep it.
        AnswerCostNs = NsPerSecond * snapshot.Settings.ShardCount / Math.Max(1, garden.AnswersPerSecond);
        Secret = Hash.Mix(snapshot.Settings.Seed ^ 0x6A4D);
    }

    /// <summary>What an answer costs, in nanoseconds of the rate of answers.</summary>
    public long AnswerCostNs { get; }

    /// <summary>What sequence numbers are made with, so that nobody can guess them.</summary>
    public ulong Secret { get; }

    /// <summary>Writes the answer to a request.</summary>
    /// <param name="to">At least <see cref="AnswerBytesMax"/> bytes.</param>
    /// <param name="request">The request's first segment, or any other.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> to, ReadOnlySpan<byte> request)
    {
        _begin.CopyTo(to);
        int at = _begin.Length;
        if (_key.Length != 0)
            at += WriteOriginal(to[at..^_end.Length], request);
        _end.CopyTo(to[at..]);
        return at + _end.Length;
    }

    // What was asked for is told whole or not at all.
    private int WriteOriginal(Span<byte> to, ReadOnlySpan<byte> request)
    {
        if (!HttpRequest.TryRead(request, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> target))
            return 0;
        _key.CopyTo(to);
        int at = _key.Length;
        bool fits = TryEncode(to, ref at, HttpRequest.IsAbsolute(target) ? default : "http://"u8)
            && TryEncode(to, ref at, HttpRequest.IsAbsolute(target) ? default : host)
            && TryEncode(to, ref at, target);
        return fits ? at : 0;
    }

    // RFC 3986 section 2.1: all but what is unreserved.
    private static bool TryEncode(Span<byte> to, ref int at, ReadOnlySpan<byte> text)
    {
        foreach (byte letter in text)
        {
            bool isPlain = char.IsAsciiLetterOrDigit((char)letter)
                || letter is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';
            if (at + (isPlain ? 1 : 3) > to.Length)
                return false;
            if (isPlain)
            {
                to[at++] = letter;
                continue;
            }

            to[at++] = (byte)'%';
            to[at++] = "0123456789ABCDEF"u8[letter >> 4];
            to[at++] = "0123456789ABCDEF"u8[letter & 15];
        }

        return true;
    }
}
