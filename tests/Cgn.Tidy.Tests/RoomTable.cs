using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Tidy.Tests;

/// <summary>
/// The table of rooms in src/README.md, read as rules. A row is `| Cgn.X | what it holds | what it may use |`; the last
/// column lists rooms by name without their prefix, `X's values` (X without its views), `X and below` (X and what X may
/// use), `all above` (the rows above), `all`, or `nothing`.
/// </summary>
public static class RoomTable
{
    private const string Prefix = "Cgn.";

    /// <summary>For each room, the rooms that it may reference.</summary>
    public static IReadOnlyDictionary<string, HashSet<string>> MayUse { get; } = Read();

    /// <summary>For each room, the rooms of which it may use only the values: nothing that ends in View.</summary>
    public static IReadOnlyDictionary<string, HashSet<string>> ValuesOnly { get; } = Rows().ToDictionary(
        row => row.Room,
        row => row.Uses.Where(use => use.EndsWith("'s values", StringComparison.Ordinal))
            .Select(use => Prefix + use[..^"'s values".Length]).ToHashSet());

    private static Dictionary<string, HashSet<string>> Read()
    {
        Dictionary<string, HashSet<string>> rules = [];
        string[] all = [.. Rows().Select(row => row.Room)];
        foreach ((string room, string[] uses) in Rows())
            rules[room] = [.. uses.SelectMany(use => Expand(use, rules, all)).Where(used => used != room)];
        return rules;
    }

    private static IEnumerable<string> Expand(string use, Dictionary<string, HashSet<string>> above, string[] all)
    {
        switch (use)
        {
            case "nothing":
                return [];
            case "all":
                return all;
            case "all above":
                return above.Keys;
        }

        if (use.EndsWith(" and below", StringComparison.Ordinal))
        {
            string named = Prefix + use[..^" and below".Length];
            return above[named].Append(named);
        }

        string room = Prefix + use.Replace("'s values", "", StringComparison.Ordinal);
        return all.Contains(room)
            ? [room]
            : throw new InvalidOperationException(
                $"src/README.md: the table of rooms names '{use}', which is no room.");
    }

    private static IEnumerable<(string Room, string[] Uses)> Rows() =>
        from line in Repository.ReadLines("src/README.md")
        where line.StartsWith($"| `{Prefix}", StringComparison.Ordinal)
        let cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries)
        where cells.Length >= 3
        select (cells[0].Trim('`'), cells[2].Split(',', StringSplitOptions.TrimEntries));
}
