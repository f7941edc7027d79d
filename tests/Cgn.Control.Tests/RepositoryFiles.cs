using System;
using System.IO;

namespace Cgn.Control.Tests;

/// <summary>Finds files of the checkout that the tests run in.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Configs => Path.Combine(Root, "configs");

    private static string Find(string directory)
    {
        for (string? at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Cgn.sln")))
                return at;
        }

        throw new InvalidOperationException($"no Cgn.sln above {directory}");
    }
}
