using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Control.Configuration.Reading;

/// <summary>Guesses what was meant.</summary>
internal static class Spelling
{
    /// <summary>A clause for a message: the word that comes near enough, or all words that there are.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="known">What could have been.</param>
    /// <param name="they">What the known words are, such as: the keys here are.</param>
    public static string Suggest(string word, IReadOnlyCollection<string> known, string they)
    {
        if (known.Count == 0)
            return "there is none";
        string nearest = known.MinBy(candidate => Distance(word, candidate))!;
        return Distance(word, nearest) <= Math.Max(2, nearest.Length / 3)
            ? $"did you mean '{nearest}'?"
            : $"{they} {string.Join(", ", known)}";
    }

    /// <summary>
    /// Single-letter changes from one word to another (Levenshtein), ignoring case and underscores for hyphens.
    /// </summary>
    public static int Distance(string from, string to)
    {
        from = from.ToUpperInvariant().Replace('_', '-');
        to = to.ToUpperInvariant().Replace('_', '-');
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int change = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
