using System.Collections.Generic;

namespace Cgn.Control.Configuration.Reading;

/// <summary>A node of a YAML document: a word, a list or a mapping, with its place.</summary>
internal sealed class ConfigNode
{
    public required Place Place { get; init; }

    /// <summary>The word; null for lists and mappings.</summary>
    public string? Word { get; init; }

    /// <summary>The word was written plainly, so that nothing, ~ and null mean no value.</summary>
    public bool IsPlain { get; init; }

    /// <summary>The list; null for words and mappings.</summary>
    public List<ConfigNode>? Items { get; init; }

    /// <summary>The mapping, in the order of the file, duplicates included; null for words and lists.</summary>
    public List<(ConfigNode Key, ConfigNode Value)>? Entries { get; init; }

    /// <summary>Nodes in it, itself included, with every alias written out.</summary>
    public long Weight { get; init; } = 1;

    /// <summary>No value was written.</summary>
    public bool IsNothing => IsPlain && Word is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>What it is, for messages.</summary>
    public string Kind => Items is not null ? "a list" : Entries is not null ? "a section" : $"'{Word}'";
}
