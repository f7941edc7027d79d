using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;

namespace Cgn.Control.Configuration.Comparison;

/// <summary>Values of the model as they would be written in a configuration.</summary>
internal static class ValueText
{
    /// <summary>A key's value: a word, a list in brackets, a section in braces; null for none.</summary>
    public static string? Of(KeyInfo key, object? value)
    {
        if (value is null)
            return null;
        if (key.IsList)
            return $"[{string.Join(", ", ((IEnumerable)value).Cast<object>().Select(item => One(key, item)))}]";
        return One(key, value);
    }

    /// <summary>A section in braces, with the keys whose values are not the defaults.</summary>
    public static string Of(ConfigSection section)
    {
        ConfigSection defaults = (ConfigSection)Activator.CreateInstance(section.GetType())!;
        List<string> words = [];
        foreach (KeyInfo key in KeyInfo.Of(section.GetType()))
        {
            string? text = Of(key, key.Property.GetValue(section));
            if (text is not null && (key.Key.Required || text != Of(key, key.Property.GetValue(defaults))))
                words.Add($"{key.Name}: {text}");
        }

        return words.Count == 0 ? "{}" : $"{{ {string.Join(", ", words)} }}";
    }

    private static string One(KeyInfo key, object value) => value switch
    {
        ConfigSection section => Of(section),
        bool flag => flag ? "true" : "false",
        Enum choice => key.Choices[Convert.ToInt32(choice, CultureInfo.InvariantCulture)],
        int or uint or ulong => Number(key, Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        _ => value.ToString() ?? "",
    };

    private static string Number(KeyInfo key, decimal number) =>
        key.Words.FirstOrDefault(word => word.Number == number)?.Word
        ?? number.ToString(CultureInfo.InvariantCulture);
}
