using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Cgn.Tidy.Tests;

/// <summary>
/// The checkout that these tests were built from, as files on disk; what builds leave behind is not part of it.
/// </summary>
public static class Repository
{
    private static readonly string[] s_notOurs =
        ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder with the solution in it.</summary>
    public static string Root { get; } = FindUpwards("Cgn.sln")
        ?? throw new InvalidOperationException("The tests do not lie in a checkout: no Cgn.sln above them.");

    /// <summary>Every file of the project, relative to the root, with forward slashes, sorted.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. List(new DirectoryInfo(Root)).Select(Relative).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The C# sources below the given folders (`src`, `tests/Cgn.Testing`); all of them when none is given.
    /// </summary>
    public static IEnumerable<string> Sources(params string[] folders) => Files.Where(file =>
        file.EndsWith(".cs", StringComparison.Ordinal)
        && (folders.Length == 0 || folders.Any(folder => file.StartsWith(folder + "/", StringComparison.Ordinal))));

    /// <summary>The names of the projects below `src`, in no promised order.</summary>
    public static IReadOnlyList<string> Rooms { get; } = ProjectsIn("src");

    /// <summary>The names of the projects below `tests`.</summary>
    public static IReadOnlyList<string> TestProjects { get; } = ProjectsIn("tests");

    /// <summary>The text of a file, given relative to the root.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The lines of a file, given relative to the root.</summary>
    public static string[] ReadLines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>The nearest folder at or above the tests that holds the given file or folder, or null.</summary>
    public static string? FindUpwards(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, name)))
                return at.FullName;
        }

        return null;
    }

    private static string[] ProjectsIn(string folder) =>
        [.. Files.Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal))
            .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file))];

    private static IEnumerable<string> List(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
            yield return file.FullName;
        foreach (DirectoryInfo below in folder.EnumerateDirectories())
        {
            if (s_notOurs.Contains(below.Name) || below.Name is ".git" or ".vs" or ".idea")
                continue;
            foreach (string file in List(below))
                yield return file;
        }
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');
}
