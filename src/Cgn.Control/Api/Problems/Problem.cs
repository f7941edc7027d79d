using System.Collections.Generic;

namespace Cgn.Control.Api.Problems;

/// <summary>What an error answer holds (RFC 9457, application/problem+json).</summary>
public sealed record Problem
{
    /// <summary>Kind of the problem: about:blank, so that the status says all.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong, and what would be right.</summary>
    public required string Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public string? Instance { get; init; }

    /// <summary>All mistakes, where there may be several.</summary>
    public IReadOnlyList<ProblemFault>? Errors { get; init; }
}
