namespace Cgn.Cli.Conformance;

/// <summary>How a requirement stands.</summary>
public enum ConformanceState
{
    /// <summary>No test names it.</summary>
    Untested,

    /// <summary>It is on record why it is not met as written.</summary>
    Deviation,

    /// <summary>Its tests passed.</summary>
    Met,

    /// <summary>A test of it failed.</summary>
    Failed,

    /// <summary>Its tests were skipped or did not run.</summary>
    Skipped,
}
