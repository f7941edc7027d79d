using System.Collections.Generic;

using Cgn.Control.Configuration;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>What became of a configuration.</summary>
/// <param name="Faults">Errors and warnings in its text.</param>
/// <param name="Obstacles">Why it is not in force, a sentence each; empty when it is.</param>
/// <param name="Generation">Generation of the configuration in force, be it this one or the one before.</param>
/// <param name="Notes">What did not succeed beside it, though it is in force; a sentence each.</param>
public sealed record ApplyResult(
    FaultList Faults, IReadOnlyList<string> Obstacles, uint Generation, IReadOnlyList<string> Notes)
{
    /// <summary>It is in force, in both processes.</summary>
    public bool IsInForce => Obstacles.Count == 0;

    /// <summary>The configuration file has its text, as was asked for.</summary>
    public bool IsStored { get; init; }
}
