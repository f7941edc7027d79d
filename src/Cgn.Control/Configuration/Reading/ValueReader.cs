using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Reflection;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Reading;

/// <summary>Turns a word of the file into a value of a key's type.</summary>
internal static class ValueReader
{
    private static readonly Dictionary<Type, Func<KeyInfo, string, (object?, string)>> s_numbers = new()
    {
        [typeof(int)] = Number<int>,
        [typeof(uint)] = Number<uint>,
        [typeof(ulong)] = Number<ulong>,
    };

    /// <summary>Reads a word.</summary>
    /// <returns>The value, or null and what is wrong.</returns>
    public static (object? Value, string Fault) Read(KeyInfo key, string word)
    {
        Type type = key.ValueType;
        if (type == typeof(string))
        {
            return word.Length == 0 ? (null, $"{key.Name} is empty")
                : word.Any(char.IsControl) ? (null, $"{key.Name} holds a character that can't be printed")
                : (word, "");
        }

        if (type == typeof(bool))
            return word is "true" or "false" ? (word == "true", "") : (null, $"'{word}' is neither true nor false");
        if (type.IsEnum)
            return Choice(key, word);
        if (s_numbers.TryGetValue(type, out Func<KeyInfo, string, (object?, string)>? number))
            return number(key, word);
        return Invoke<(object?, string)>(nameof(Special), type, key, word);
    }

    /// <summary>Reads a list of words, for types that may be written so.</summary>
    public static (object? Value, string Fault) ReadList(KeyInfo key, IReadOnlyList<string> words) =>
        Invoke<(object?, string)>(nameof(SpecialList), key.ValueType, words);

    /// <summary>The type of a key may be written as a list of words.</summary>
    public static bool TakesList(Type type) =>
        type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConfigListValue<>));

    /// <summary>Calls a generic method of this class for a type that is only known at run time.</summary>
    private static T Invoke<T>(string method, Type type, params object[] arguments) =>
        (T)typeof(ValueReader).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, arguments)!;

    private static (object? Value, string Fault) Choice(KeyInfo key, string word)
    {
        for (int i = 0; i < key.Choices.Count; i++)
        {
            if (key.Choices[i] == word)
                return (Enum.ToObject(key.ValueType, i), "");
        }

        string known = Spelling.Suggest(word, [.. key.Choices], "the choices are");
        return (null, $"'{word}' is no choice of {key.Name}; {known}");
    }

    private static (object? Value, string Fault) Number<T>(KeyInfo key, string word)
        where T : struct, INumber<T>
    {
        foreach (WordAttribute known in key.Words)
        {
            if (known.Word == word)
                return (T.CreateChecked(known.Number), "");
        }

        string right = Expected(key);
        if (!T.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out T value))
        {
            string what = word.Length > 0 && word.All(char.IsAsciiDigit) ? "is out of range" : "is not a whole number";
            return (null, $"'{word}' {what}; {right} would be right");
        }

        bool inRange = (key.Key.Min.Length == 0 || value >= T.Parse(key.Key.Min, CultureInfo.InvariantCulture))
            && (key.Key.Max.Length == 0 || value <= T.Parse(key.Key.Max, CultureInfo.InvariantCulture));
        return inRange ? (value, "") : (null, $"'{word}' is out of range; {right} would be right");
    }

    private static string Expected(KeyInfo key)
    {
        string words = string.Concat(key.Words.Select(static word => word.Word + " or "));
        string unit = key.Key.Unit.Length == 0 ? "" : " " + key.Key.Unit;
        return $"{words}{key.Key.Min} to {key.Key.Max}{unit}";
    }

    private static (object? Value, string Fault) Special<T>(KeyInfo key, string word)
        where T : IConfigValue<T>
    {
        if (!T.TryParse(word, out T value, out string fault))
            return (null, fault);
        if (key.Key.Min.Length != 0 && Compare(value, key.Key.Min) < 0)
            return (null, $"'{word}' is too small; {key.Key.Min} at least would be right");
        if (key.Key.Max.Length != 0 && Compare(value, key.Key.Max) > 0)
            return (null, $"'{word}' is too large; {key.Key.Max} at most would be right");
        return (value, "");
    }

    private static (object? Value, string Fault) SpecialList<T>(IReadOnlyList<string> words)
        where T : IConfigListValue<T> =>
        T.TryParse(words, out T value, out string fault) ? (value, "") : (null, fault);

    private static int Compare<T>(T value, string limit)
        where T : IConfigValue<T>
    {
        if (value is not IQuantity amount || !T.TryParse(limit, out T bound, out _) || bound is not IQuantity boundary)
            throw new InvalidOperationException($"the model limits {typeof(T).Name} to {limit}, which is none");
        return amount.Magnitude.CompareTo(boundary.Magnitude);
    }
}
