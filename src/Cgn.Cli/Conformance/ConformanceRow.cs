using System.Collections.Generic;

namespace Cgn.Cli.Conformance;

/// <summary>A requirement with what shows it.</summary>
/// <param name="Requirement">The catalogue's row.</param>
/// <param name="Evidence">Tests and lab checks that name it.</param>
/// <param name="State">How it stands.</param>
/// <param name="Deviation">Why it is not met as written; empty where nothing is on record.</param>
public sealed record ConformanceRow(
    Requirement Requirement, IReadOnlyList<Evidence> Evidence, ConformanceState State, string Deviation);
