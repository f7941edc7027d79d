using System;
using System.IO;

namespace Cgn.Cli.Captures;

/// <summary>The files that a verb is about to write: none may be another one, or one that it reads.</summary>
internal static class OutputPaths
{
    /// <summary>Compares them before anything is written, by name and with links followed.</summary>
    /// <param name="writeInside">What <c>--write-inside</c> names; null for nothing.</param>
    /// <param name="writeOutside">What <c>--write-outside</c> names; null for nothing.</param>
    /// <param name="read">The files that are read; null for one left out.</param>
    /// <exception cref="CommandException">Two of them are one file.</exception>
    internal static void Check(string? writeInside, string? writeOutside, params ReadOnlySpan<string?> read)
    {
        if (IsSame(writeInside, writeOutside))
        {
            throw new CommandException(
                $"{writeInside}: --write-inside and --write-outside name the same file; one for each would be right");
        }

        foreach (string? input in read)
        {
            if (IsSame(input, writeInside) || IsSame(input, writeOutside))
            {
                throw new CommandException(
                    $"{input}: is to be read and written; another name for the output would be right");
            }
        }
    }

    // Devices such as /dev/null may be written any number of times.
    private static bool IsSame(string? one, string? other) =>
        one is not null && other is not null && Real(one) is string path && path == Real(other)
        && !path.StartsWith("/dev/", StringComparison.Ordinal);

    private static string? Real(string path)
    {
        try
        {
            FileInfo file = new(path);
            return (file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) : null)?.FullName ?? file.FullName;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Whoever opens it says what is wrong with it.
            return null;
        }
    }
}
