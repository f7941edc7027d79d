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

    /// <summary>The keys of a section, in the order of its source.</summary>
    public static IReadOnlyList<KeyInfo> Of(Type section) =>
    [
        .. from property in section.GetProperties()
           let key = property.GetCustomAttribute<KeyAttribute>()
           where key is not null
           orderby property.MetadataToken
           select new KeyInfo(property, key),
    ];
}
