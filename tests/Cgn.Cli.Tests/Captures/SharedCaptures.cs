using System;
using System.Collections.Generic;
using System.IO;

using Xunit;

namespace Cgn.Cli.Tests.Captures;

/// <summary>Real captures that lie beside the checkout, where they do; they are never part of it.</summary>
internal static class SharedCaptures
{
    /// <summary>Every capture; skips the test where there are none.</summary>
    internal static List<string> All()
    {
        string? folder = Find();
        Skip.If(folder is null, "no folder shared/captures beside the checkout, and CGN_CAPTURES is not set");
        List<string> files = [];
        foreach (string file in Directory.EnumerateFiles(folder!))
        {
            if (Path.GetExtension(file) is ".pcap" or ".pcapng" or ".cap")
                files.Add(file);
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("CGN_CAPTURES");
        if (Directory.Exists(named))
            return named;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "captures");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
