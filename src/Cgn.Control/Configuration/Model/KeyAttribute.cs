using System;

namespace Cgn.Control.Configuration.Model;

/// <summary>
/// Makes a property of a <see cref="ConfigSection"/> a key of the configuration. The property's type says what the
/// value is, its initial
/// value is the default, its documentation comment is the key's documentation.
/// </summary>
/// <param name="name">The key in the file.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyAttribute(string name) : Attribute
{
    /// <summary>The key in the file.</summary>
    public string Name { get; } = name;

    /// <summary>Leaving the key out is an error.</summary>
    public bool Required { get; set; }

    /// <summary>Smallest value, written as in the file; empty for none. For lists, each item's.</summary>
    public string Min { get; set; } = "";

    /// <summary>Largest value, written as in the file; empty for none. For lists, each item's.</summary>
    public string Max { get; set; } = "";

    /// <summary>
    /// What a number counts, for messages: such as bytes. Empty when the value itself carries its unit.
    /// </summary>
    public string Unit { get; set; } = "";
}
