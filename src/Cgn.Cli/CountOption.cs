using System.CommandLine;

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
            int value = result.GetValueOrDefault<int>();
            if (value < 1 || value > most)
                result.AddError($"{name}: {value}; 1 to {most} would be right");
        });
        return option;
    }
}
