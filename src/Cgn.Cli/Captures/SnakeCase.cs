using System.Text;

namespace Cgn.Cli.Captures;

/// <summary>Names of code as they stand in JSON and metrics: NoSession becomes no_session.</summary>
internal static class SnakeCase
{
    /// <summary>Converts a name.</summary>
    internal static string Of(string name)
    {
        StringBuilder text = new();
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
