using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Reading;

/// <summary>A key of a section: its property and what its attributes say.</summary>
internal sealed class KeyInfo
{
    private KeyInfo(PropertyInfo property, KeyAttribute key)
    {
        Property = property;
        Key = key;
        Choices = property.GetCustomAttribute<ChoicesAttribute>()?.Words ?? [];
        Words = [.. property.GetCustomAttributes<WordAttribute>()];
        Type type = property.PropertyType;
        IsList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
        if (IsList)
            type = type.GetGenericArguments()[0];
        ValueType = Nullable.GetUnderlyingType(type) ?? type;
    }

    public PropertyInfo Property { get; }

    public KeyAttribute Key { get; }

    public string Name => Key.Name;

    /// <summary>The words of an enumeration, by number.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>Words in place of numbers.</summary>
    public IReadOnlyList<WordAttribute> Words { get; }

    public bool IsList { get; }

    /// <summary>The type of the value, or of each item.</summary>
    public Type ValueType { get; }

    public bool IsSection => ValueType.IsSubclassOf(typeof(ConfigSection));

    /// <summary>The keys of a section, in the order of its source; those that it has from a base section come first.
    /// </summary>
    public static IReadOnlyList<KeyInfo> Of(Type section) =>
    [
        .. from property in section.GetProperties()
           let key = property.GetCustomAttribute<KeyAttribute>()
           where key is not null
           orderby Depth(property.DeclaringType!), property.MetadataToken
           // As its own class has it: seen from one that inherits it, it could not be set.
           select new KeyInfo(property.DeclaringType!.GetProperty(property.Name)!, key),
    ];

    private static int Depth(Type type)
    {
        int depth = 0;
        for (Type? at = type; at is not null; at = at.BaseType)
            depth++;
        return depth;
    }
}
