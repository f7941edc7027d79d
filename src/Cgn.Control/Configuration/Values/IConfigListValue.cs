using System.Collections.Generic;

namespace Cgn.Control.Configuration.Values;

/// <summary>A value that may also be written as a list of words.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IConfigListValue<TSelf> : IConfigValue<TSelf>
    where TSelf : IConfigListValue<TSelf>
{
    /// <summary>Reads the words.</summary>
    /// <param name="words">The words, as they stand in the file.</param>
    /// <param name="value">The value, or the default one when refused.</param>
    /// <param name="fault">Empty, or what is wrong and what would be right.</param>
    /// <returns>True when they were accepted.</returns>
    static abstract bool TryParse(IReadOnlyList<string> words, out TSelf value, out string fault);
}
