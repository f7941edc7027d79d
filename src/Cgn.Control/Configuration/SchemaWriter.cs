using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration;

/// <summary>
/// The JSON Schema (draft 2020-12) of configurations, made from the model: what editors complete and check with.
/// </summary>
public static class SchemaWriter
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as text.</summary>
    public static string Write()
    {
        JsonObject root = Section(typeof(GatewayOptions), XmlDocumentation.Load());
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        root.Insert(1, "title", "Configuration of the gateway cgn");
        return root.ToJsonString(s_options);
    }

    private static JsonObject Section(Type type, XmlDocumentation documentation)
    {
        object defaults = Activator.CreateInstance(type)!;
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (KeyInfo key in KeyInfo.Of(type))
        {
            JsonObject value = key.IsSection ? Section(key.ValueType, documentation) : Value(key);
            if (key.IsList)
                value = new JsonObject { ["type"] = "array", ["items"] = value };
            string text = documentation.Of(key.Property);
            if (text.Length != 0)
                value["description"] = text;
            if (!key.IsSection && !key.IsList && Default(key, defaults) is { } standard)
                value["default"] = standard;
            properties[key.Name] = value;
            if (key.Key.Required)
                required.Add(key.Name);
        }

        var section = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        if (required.Count != 0)
            section["required"] = required;
        return section;
    }

    private static JsonObject Value(KeyInfo key)
    {
        Type type = key.ValueType;
        if (type == typeof(string))
            return new JsonObject { ["type"] = "string", ["minLength"] = 1 };
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type.IsEnum)
            return new JsonObject { ["enum"] = new JsonArray([.. key.Choices.Select(static word => (JsonNode)word)]) };
        return type.IsPrimitive ? Number(key) : Word(type);
    }

    private static JsonObject Number(KeyInfo key)
    {
        var number = new JsonObject { ["type"] = "integer" };
        if (key.Key.Min.Length != 0)
            number["minimum"] = decimal.Parse(key.Key.Min, CultureInfo.InvariantCulture);
        if (key.Key.Max.Length != 0)
            number["maximum"] = decimal.Parse(key.Key.Max, CultureInfo.InvariantCulture);
        if (key.Words.Count == 0)
            return number;
        var words = new JsonArray([.. key.Words.Select(static word => (JsonNode)word.Word)]);
        return new JsonObject { ["anyOf"] = new JsonArray(number, new JsonObject { ["enum"] = words }) };
    }

    private static JsonObject Word(Type type)
    {
        var word = new JsonObject
        {
            ["type"] = new JsonArray("string", "integer"),
            ["pattern"] = Static(type, nameof(Duration.Pattern)),
            ["examples"] = new JsonArray(Static(type, nameof(Duration.Example))),
        };
        if (!ValueReader.TakesList(type))
            return word;
        var list =
            new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 } };
        return new JsonObject { ["anyOf"] = new JsonArray(word, list) };
    }

    private static string Static(Type type, string property) =>
        (string)type.GetProperty(property, BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;

    private static JsonNode? Default(KeyInfo key, object defaults)
    {
        object? value = key.Property.GetValue(defaults);
        if (key.Key.Required || value is null or "")
            return null;
        if (value is bool flag)
            return flag;
        if (key.ValueType.IsEnum)
            return key.Choices[Convert.ToInt32(value, CultureInfo.InvariantCulture)];
        if (!key.ValueType.IsPrimitive)
            return value.ToString();
        decimal number = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        WordAttribute? word = key.Words.FirstOrDefault(word => word.Number == number);
        return word is null ? number : word.Word;
    }
}
