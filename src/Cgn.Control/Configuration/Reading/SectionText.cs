using System.IO;

using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Reading;

/// <summary>Reads one section that is sent by itself, as JSON.</summary>
internal static class SectionText
{
    /// <summary>Reads it; what is wrong is among the faults.</summary>
    /// <param name="text">The section's keys and values.</param>
    /// <param name="name">Its name for messages.</param>
    /// <param name="needed">What is to be sent, for whoever sends nothing.</param>
    /// <param name="faults">What is wrong.</param>
    /// <returns>Null when there is nothing to read.</returns>
    public static T? Read<T>(string text, string name, string needed, FaultList faults)
        where T : ConfigSection
    {
        using var reader = new StringReader(text);
        return YamlReader.Read(reader, faults, "not JSON", $"there is no content; {needed} is needed") is { } root
            ? (T)new SectionReader(faults).Read(typeof(T), root, name)
            : null;
    }
}
