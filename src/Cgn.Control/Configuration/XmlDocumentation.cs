using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;

namespace Cgn.Control.Configuration;

/// <summary>The documentation comments of this assembly, from the file that the compiler writes beside it.</summary>
internal sealed class XmlDocumentation
{
    private readonly Dictionary<string, string> _summaries;

    private XmlDocumentation(Dictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads the file; where it was not installed nothing is documented.</summary>
    public static XmlDocumentation Load()
    {
        string path = Path.ChangeExtension(typeof(XmlDocumentation).Assembly.Location, ".xml");
        if (!File.Exists(path))
            return new XmlDocumentation([]);
        return new XmlDocumentation(XDocument.Load(path).Descendants("member").ToDictionary(
            static member => (string)member.Attribute("name")!, static member => Text(member.Element("summary"))));
    }

    /// <summary>The summary of a property, in one line; empty where there is none.</summary>
    public string Of(PropertyInfo property) =>
        _summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "");

    /// <summary>The summary of a type, in one line; empty where there is none.</summary>
    public string Of(Type type) => _summaries.GetValueOrDefault($"T:{type.FullName}", "");

    private static string Text(XElement? summary) => summary is null ? "" : string.Join(
        ' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
