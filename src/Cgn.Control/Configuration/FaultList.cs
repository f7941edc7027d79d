using System.Collections.Generic;
using System.Linq;

namespace Cgn.Control.Configuration;

/// <summary>What is wrong with one configuration file: all of it, in the order of the file.</summary>
/// <param name="file">The file, as the operator named it.</param>
public sealed class FaultList(string file)
{
    private readonly List<Fault> _faults = [];

    /// <summary>The file, as the operator named it.</summary>
    public string File { get; } = file;

    /// <summary>All of them.</summary>
    public IEnumerable<Fault> All => _faults.OrderBy(static f => f.Place.Line).ThenBy(static f => f.Place.Column);

    /// <summary>At least one of them is an error.</summary>
    public bool HasErrors => _faults.Any(static fault => fault.Severity == Severity.Error);

    /// <summary>Those that make the configuration unusable.</summary>
    public IEnumerable<Fault> Errors => All.Where(static fault => fault.Severity == Severity.Error);

    /// <summary>Those that don't.</summary>
    public IEnumerable<Fault> Warnings => All.Where(static fault => fault.Severity == Severity.Warning);

    /// <summary>Adds an error.</summary>
    /// <param name="place">Where.</param>
    /// <param name="message">What is wrong, and what would be right.</param>
    public void Error(Place place, string message) => _faults.Add(new Fault(Severity.Error, File, place, message));

    /// <summary>Adds a warning.</summary>
    /// <param name="place">Where.</param>
    /// <param name="message">What is doubtful, and what would be better.</param>
    public void Warn(Place place, string message) => _faults.Add(new Fault(Severity.Warning, File, place, message));
}
