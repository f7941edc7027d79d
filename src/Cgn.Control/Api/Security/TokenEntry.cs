using System;
using System.Security.Cryptography;
using System.Text;

using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Api.Security;

/// <summary>Who a token belongs to, and what he may do. Of the token itself only its hash is known.</summary>
/// <param name="Name">The owner's name, without spaces.</param>
/// <param name="Role">What he may do.</param>
/// <param name="Hash">SHA-256 of the token's UTF-8 bytes.</param>
internal sealed record TokenEntry(string Name, ApiRole Role, byte[] Hash)
{
    private const string Scheme = "sha256:";

    /// <summary>The hash by which a token is known: it has 256 bits of chance, so one round is enough.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads a line of a token file.</summary>
    /// <param name="line">NAME ROLE sha256:HASH, or NAME ROLE and the token itself.</param>
    /// <param name="entry">What it says.</param>
    /// <param name="fault">Empty, or what is wrong and what would be right; never the token.</param>
    public static bool TryParse(string line, out TokenEntry? entry, out string fault)
    {
        entry = null;
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3)
        {
            fault = $"{words.Length} words; NAME ROLE sha256:HASH would be right";
            return false;
        }

        if (RoleOf(words[1]) is not { } role)
        {
            fault = $"'{words[1]}' is no role; read or write would be";
            return false;
        }

        fault = "";
        try
        {
            byte[] hash = words[2].StartsWith(Scheme, StringComparison.Ordinal)
                ? Convert.FromHexString(words[2].AsSpan(Scheme.Length))
                : HashOf(words[2]);
            if (hash.Length != SHA256.HashSizeInBytes)
                throw new FormatException();
            entry = new TokenEntry(words[0], role, hash);
            return true;
        }
        catch (FormatException)
        {
            fault = $"what stands behind {Scheme} is not {2 * SHA256.HashSizeInBytes} hexadecimal digits";
            return false;
        }
    }

    /// <summary>The role of a word; null for none.</summary>
    public static ApiRole? RoleOf(string word) => word switch
    {
        "read" => ApiRole.Read,
        "write" => ApiRole.Write,
        _ => null,
    };

    /// <summary>The line of a token file.</summary>
    public override string ToString() =>
        $"{Name} {(Role == ApiRole.Write ? "write" : "read")} {Scheme}{Convert.ToHexStringLower(Hash)}";
}
