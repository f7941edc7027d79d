using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Cgn.Ports.Native;

/// <summary>What this process may do beside what any user may, as in capabilities(7).</summary>
internal static class Capabilities
{
    private static readonly Dictionary<string, int> s_bits = new()
    {
        ["CAP_NET_ADMIN"] = 12,
        ["CAP_NET_RAW"] = 13,
        ["CAP_IPC_LOCK"] = 14,
        ["CAP_BPF"] = 39,
    };

    /// <summary>What of some capabilities is missing, as the end of a message: empty when nothing is.</summary>
    /// <param name="names">Such as CAP_NET_ADMIN.</param>
    internal static string Missing(params string[] names)
    {
        ulong effective = Effective();
        string[] missing = [.. names.Where(name => ((effective >> s_bits[name]) & 1) == 0)];
        return missing.Length == 0 ? "" : $"; this process lacks {string.Join(" and ", missing)}";
    }

    private static ulong Effective()
    {
        const string Line = "CapEff:";
        try
        {
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith(Line, StringComparison.Ordinal))
                {
                    return ulong.Parse(
                        line.AsSpan(Line.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                }
            }
        }
        catch (IOException)
        {
            // Without /proc nothing is known, so nothing is said.
        }

        return ulong.MaxValue;
    }
}
