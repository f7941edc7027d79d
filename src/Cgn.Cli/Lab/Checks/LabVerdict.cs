namespace Cgn.Cli.Lab.Checks;

/// <summary>What became of a check, and what was seen or why not, in one line.</summary>
public readonly record struct LabVerdict(LabOutcome Outcome, string Detail)
{
    /// <summary>All was as it should be.</summary>
    public static LabVerdict Pass(string seen) => new(LabOutcome.Passed, seen);

    /// <summary>Something was not: what was seen, and what would have been right.</summary>
    public static LabVerdict Fail(string reason) => new(LabOutcome.Failed, reason);

    /// <summary>It could not be made here.</summary>
    public static LabVerdict Skip(string reason) => new(LabOutcome.Skipped, reason);

    /// <summary>Passed when it holds, failed else, with the same words.</summary>
    public static LabVerdict Of(bool holds, string seen) => holds ? Pass(seen) : Fail(seen);
}
