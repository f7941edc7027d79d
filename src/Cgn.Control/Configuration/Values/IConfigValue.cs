namespace Cgn.Control.Configuration.Values;

/// <summary>A value that is written as one word in the configuration file.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IConfigValue<TSelf>
    where TSelf : IConfigValue<TSelf>
{
    /// <summary>A regular expression of what is accepted, for editors.</summary>
    static abstract string Pattern { get; }

    /// <summary>An example that is accepted, for messages and editors.</summary>
    static abstract string Example { get; }

    /// <summary>Reads the word.</summary>
    /// <param name="text">The word, as it stands in the file.</param>
    /// <param name="value">The value, or the default one when refused.</param>
    /// <param name="fault">Empty, or what is wrong and what would be right.</param>
    /// <returns>True when it was accepted.</returns>
    static abstract bool TryParse(string text, out TSelf value, out string fault);
}
