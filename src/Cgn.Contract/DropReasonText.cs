using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Cgn.Contract;

/// <summary>The names of drop reasons as metrics, logs and listings give them.</summary>
public static class DropReasonText
{
    private static readonly Dictionary<DropReason, string> s_names =
        Enum.GetValues<DropReason>().ToDictionary(
            static reason => reason, static reason => SnakeCase(reason.ToString()));

    /// <summary>All reasons but <see cref="DropReason.None"/>, in the order of their numbers.</summary>
    public static IReadOnlyList<DropReason> All { get; } =
        [.. Enum.GetValues<DropReason>().Where(static reason => reason != DropReason.None)];

    /// <summary>
    /// The reason's name in snake case: <c>rate_limit_up</c>; a number that has no name keeps its digits.
    /// </summary>
    /// <param name="reason">Any reason.</param>
    public static string Name(DropReason reason) =>
        s_names.TryGetValue(reason, out string? name) ? name : $"reason_{(byte)reason}";

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length != 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
