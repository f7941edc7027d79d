namespace Cgn.Cli.Lab.Checks;

/// <summary>What became of a check.</summary>
public enum LabOutcome
{
    /// <summary>It was made and everything was as it should be.</summary>
    Passed,

    /// <summary>It was made and something was not.</summary>
    Failed,

    /// <summary>This machine cannot make it; nothing is said about the gateway.</summary>
    Skipped,
}
