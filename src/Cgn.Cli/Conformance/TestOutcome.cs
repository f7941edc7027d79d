namespace Cgn.Cli.Conformance;

/// <summary>What became of a test.</summary>
public enum TestOutcome
{
    /// <summary>It was not started, or could not run here.</summary>
    Skipped,

    /// <summary>Every case of it passed.</summary>
    Passed,

    /// <summary>A case of it failed.</summary>
    Failed,
}
