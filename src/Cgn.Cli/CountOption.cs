using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cgn.Cli;

/// <summary>Options that take a whole number within bounds.</summary>
internal static class CountOption
{
    /// <summary>Makes one.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it counts.</param>
    /// <param name="usual">Its value when it is left out.</param>
    /// <param name="most">Its largest value; the smallest is 1.</param>
    internal static Option<int> Of(string name, string description, int usual, int most)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (!IsWithin(result, 1, most, out string text))
                result.AddError($"{name}: {text}; 1 to {most} would be right");
        });
        return option;
    }

    /// <summary>
    /// Whether an option holds a whole number within bounds, or was left out. Asking the parser for the value instead
    /// throws when the text is no number.
    /// </summary>
    /// <param name="result">The option.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest.</param>
    /// <param name="text">What was written; empty when it was left out.</param>
    internal static bool IsWithin(OptionResult result, int least, int most, out string text)
    {
        text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        return result.Tokens.Count == 0
            || (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
                && value >= least && value <= most);
    }
}
