using System;
using System.Collections.Generic;

namespace Cgn.Control.Configuration.Model;

/// <summary>The words of an enumeration in the file, in the order of its numbers from 0.</summary>
/// <param name="words">The words.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoicesAttribute(params string[] words) : Attribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; } = words;
}
