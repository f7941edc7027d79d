using System;
using System.Security.Cryptography;

namespace Cgn.Cli.Lab.Servers;

/// <summary>
/// Pages that do not compress and that both ends can make for themselves, so that a fetched one can be verified.
/// </summary>
public static class LabContent
{
    /// <summary>The largest page, bytes.</summary>
    public const int BytesMax = 64 << 20;

    private const int Seed = 6333;

    /// <summary>Makes the page of this size: always the same bytes.</summary>
    /// <param name="lengthBytes">0 to <see cref="BytesMax"/>.</param>
    public static byte[] Make(int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, BytesMax);
        byte[] content = new byte[lengthBytes];
        // A seeded Random gives the same bytes in every version of .NET; nothing secret is made here.
#pragma warning disable CA5394
        new Random(Seed).NextBytes(content);
#pragma warning restore CA5394
        return content;
    }

    /// <summary>SHA-256 as lower-case hexadecimal.</summary>
    public static string Digest(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
