using System.Collections;
using System.Collections.Generic;

using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Reading;

/// <summary>Finds what differs between two wordings of a section.</summary>
internal static class SectionDifference
{
    /// <summary>The keys whose values differ, with the names of the sections around them.</summary>
    /// <param name="one">The section, or null where it was left out.</param>
    /// <param name="other">Its other wording.</param>
    /// <param name="path">Its name.</param>
    public static IEnumerable<string> Keys(ConfigSection? one, ConfigSection? other, string path)
    {
        if (one is null || other is null)
            return ReferenceEquals(one, other) ? [] : [path];
        List<string> found = [];
        foreach (KeyInfo key in KeyInfo.Of(one.GetType()))
            found.AddRange(Differ(key.Property.GetValue(one), key.Property.GetValue(other), $"{path}.{key.Name}"));
        return found;
    }

    private static IEnumerable<string> Differ(object? one, object? other, string path)
    {
        if (one is ConfigSection || other is ConfigSection)
            return Keys(one as ConfigSection, other as ConfigSection, path);
        if (one is not IList items || other is not IList others)
            return Equals(one, other) ? [] : [path];
        if (items.Count != others.Count)
            return [path];
        List<string> found = [];
        for (int i = 0; i < items.Count; i++)
            found.AddRange(Differ(items[i], others[i], $"{path}[{i}]"));
        return found;
    }
}
