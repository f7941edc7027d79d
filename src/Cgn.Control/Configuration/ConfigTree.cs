using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration;

/// <summary>
/// Writes a configuration that was read: the same keys with the same meaning, in the order of the model.
/// </summary>
internal static class ConfigTree
{
    /// <summary>A section as JSON; since JSON is YAML, it can be read again.</summary>
    /// <param name="section">Any.</param>
    /// <param name="withDefaults">Keys that the file left out too.</param>
    public static JsonObject Of(ConfigSection section, bool withDefaults = false)
    {
        var tree = new JsonObject();
        foreach (KeyInfo key in KeyInfo.Of(section.GetType()))
        {
            if (!withDefaults && !section.IsGiven(key.Property.Name))
                continue;
            if (key.Property.GetValue(section) is { } value)
                tree[key.Name] = Node(key, value, withDefaults);
        }

        return tree;
    }

    /// <summary>A tree as YAML.</summary>
    public static string ToYaml(JsonObject tree) => new YamlDotNet.Serialization.SerializerBuilder()
        .WithQuotingNecessaryStrings().Build().Serialize(Plain(tree)!);

    private static JsonNode Node(KeyInfo key, object value, bool withDefaults)
    {
        if (key.IsList)
            return new JsonArray([.. ((IEnumerable)value).Cast<object>().Select(item => One(key, item, withDefaults))]);
        return One(key, value, withDefaults);
    }

    private static JsonNode One(KeyInfo key, object value, bool withDefaults) => value switch
    {
        ConfigSection section => Of(section, withDefaults),
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        Enum choice => JsonValue.Create(key.Choices[Convert.ToInt32(choice, CultureInfo.InvariantCulture)]),
        WorkerSet workers when workers.Cpus.Any() =>
            new JsonArray([.. workers.Cpus.Select(static cpu => (JsonNode)cpu)]),
        int or uint or ulong => Number(key, Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(value.ToString()!),
    };

    private static JsonValue Number(KeyInfo key, decimal number) =>
        key.Words.FirstOrDefault(word => word.Number == number) is { } word
            ? JsonValue.Create(word.Word)
            : JsonValue.Create(number);

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject tree => tree.ToDictionary(static pair => pair.Key, static pair => Plain(pair.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        JsonValue value when value.TryGetValue(out decimal number) => number,
        _ => node?.ToString(),
    };
}
