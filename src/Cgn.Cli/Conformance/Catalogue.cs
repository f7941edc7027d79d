using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Cgn.Cli.Conformance;

/// <summary>
/// The requirements that the tests name, and the deviations that are on record, as files of the checkout.
/// </summary>
public sealed class Catalogue
{
    private const string Folder = "tests/Cgn.Testing/Catalogue";

    private Catalogue(IReadOnlyList<Requirement> rows, IReadOnlyDictionary<string, string> deviations)
    {
        Rows = rows;
        Deviations = deviations;
    }

    /// <summary>All requirements, in the catalogue's order.</summary>
    public IReadOnlyList<Requirement> Rows { get; }

    /// <summary>Why a requirement is not met as it is written, by id.</summary>
    public IReadOnlyDictionary<string, string> Deviations { get; }

    /// <summary>Reads the catalogue of a checkout.</summary>
    /// <param name="root">The checkout's top level.</param>
    /// <exception cref="CommandException">A file is missing or a line of it is not a row.</exception>
    public static Catalogue Load(string root)
    {
        Requirement[] rows = [.. Lines(root, "requirements.tsv", 5).Select(static cells =>
            new Requirement(cells[0], cells[1], cells[2], cells[3], cells[4]))];
        Dictionary<string, string> deviations = Lines(root, "deviations.tsv", 2)
            .ToDictionary(static cells => cells[0], static cells => cells[1]);
        if (deviations.Keys.FirstOrDefault(id => rows.All(row => row.Id != id)) is { } unknown)
            throw new CommandException($"{Folder}/deviations.tsv: no requirement has the id {unknown}");
        return new Catalogue(rows, deviations);
    }

    private static IEnumerable<string[]> Lines(string root, string name, int columns)
    {
        string path = Path.Combine(root, Folder, name);
        if (!File.Exists(path))
            throw new CommandException($"{path}: there is no such file; it is part of every checkout");
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (number == 1 || line.Length == 0)
                continue;
            string[] cells = line.Split('\t');
            if (cells.Length != columns)
                throw new CommandException($"{path}:{number}: {cells.Length} columns; {columns} would be right");
            yield return cells;
        }
    }
}
