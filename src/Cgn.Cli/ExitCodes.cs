namespace Cgn.Cli;

/// <summary>What the exit code of every verb means.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    internal const int Done = 0;

    /// <summary>Done, but the check failed.</summary>
    internal const int CheckFailed = 1;

    /// <summary>Arguments, input files or configuration can't be used.</summary>
    internal const int Unusable = 2;

    /// <summary>The system refused: privilege, device, memory.</summary>
    internal const int Refused = 3;

    /// <summary>A fault of the program.</summary>
    internal const int Fault = 4;
}
