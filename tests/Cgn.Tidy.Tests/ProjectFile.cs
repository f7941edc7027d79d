using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Cgn.Tidy.Tests;

/// <summary>What the tests want to know of a .csproj.</summary>
public sealed class ProjectFile
{
    private readonly XDocument _document;

    /// <summary>Reads the project of that name below the given folder of the repository.</summary>
    public ProjectFile(string folder, string name)
    {
        Name = name;
        _document = XDocument.Parse(Repository.Read($"{folder}/{name}/{name}.csproj"));
    }

    /// <summary>The project's name.</summary>
    public string Name { get; }

    /// <summary>The names of the projects that it references.</summary>
    public IEnumerable<string> References => Includes("ProjectReference").Select(path =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    /// <summary>The packages that it references at run time or build time.</summary>
    public IEnumerable<string> Packages => Includes("PackageReference");

    /// <summary>A property's value, or null where the project does not set it.</summary>
    public string? Property(string name) => _document.Descendants(name).LastOrDefault()?.Value;

    private IEnumerable<string> Includes(string element) =>
        _document.Descendants(element).Select(item => (string)item.Attribute("Include")!);
}
