using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Cgn.Cli.Tests.Packaging;

/// <summary>A unit of the service manager, as far as tests ask.</summary>
internal sealed class UnitFile
{
    private readonly List<(string Key, string Value)> _lines;

    private UnitFile(string path)
    {
        Path = path;
        _lines =
        [
            .. File.ReadLines(path).Where(static line => line.Contains('=') && !line.StartsWith('#')).Select(
                static line => (line[..line.IndexOf('=')], line[(line.IndexOf('=') + 1)..])),
        ];
    }

    public string Path { get; }

    /// <summary>The capabilities that the unit grants, in setpriv's words.</summary>
    public IReadOnlyList<string> Capabilities =>
        [.. Value("AmbientCapabilities").Split(' ').Select(static name => name["CAP_".Length..].ToLowerInvariant())];

    public static UnitFile Of(string name) => new(System.IO.Path.Combine(Repository(), "configs", "systemd", name));

    /// <summary>The checkout.</summary>
    public static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Cgn.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("not in a checkout");
    }

    public string Value(string key) => _lines.Single(line => line.Key == key).Value;
}
