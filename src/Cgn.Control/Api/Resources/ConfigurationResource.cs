using System.Collections.Generic;
using System.Text.Json.Nodes;

using Cgn.Control.Api.Problems;

namespace Cgn.Control.Api.Resources;

/// <summary>A configuration that is in force, or was looked at.</summary>
public sealed record ConfigurationResource
{
    /// <summary>Number of the one in force; it counts up with every change.</summary>
    public required uint Generation { get; init; }

    /// <summary>The keys of the configuration; null where only the outcome is told.</summary>
    public JsonObject? Configuration { get; init; }

    /// <summary>It was written to the configuration file too.</summary>
    public bool? Saved { get; init; }

    /// <summary>Nothing is wrong with it.</summary>
    public bool? Valid { get; init; }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<ProblemFault>? Errors { get; init; }

    /// <summary>What is doubtful about it.</summary>
    public IReadOnlyList<ProblemFault>? Warnings { get; init; }

    /// <summary>What did not succeed beside it, though it is in force.</summary>
    public IReadOnlyList<string>? Notes { get; init; }
}
