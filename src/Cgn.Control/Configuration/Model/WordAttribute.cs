using System;

namespace Cgn.Control.Configuration.Model;

/// <summary>A word that may stand in the file in place of a number.</summary>
/// <param name="word">The word.</param>
/// <param name="number">What it means; outside the range of the key's numbers, or one of them.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class WordAttribute(string word, int number) : Attribute
{
    /// <summary>The word.</summary>
    public string Word { get; } = word;

    /// <summary>What it means.</summary>
    public int Number { get; } = number;
}
