using System;

namespace Cgn.Cli.Lab;

/// <summary>
/// What stops a verb of the lab: one plain sentence for the user and the exit code that goes with it.
/// </summary>
public sealed class LabException : Exception
{
    /// <summary>Exit code for unusable arguments.</summary>
    public const int BadArguments = 2;

    /// <summary>
    /// Exit code for what the system refused: no privilege, no namespaces, a program that is missing or failed.
    /// </summary>
    public const int Refused = 3;

    /// <summary>Makes one; without a code it is <see cref="Refused"/>.</summary>
    public LabException(string message, int exitCode = Refused)
        : base(message) => ExitCode = exitCode;

    /// <summary>Makes one that the system's own error caused.</summary>
    public LabException(string message, Exception cause)
        : base(message, cause) => ExitCode = Refused;

    /// <summary>
    /// Makes one without an explanation; there to satisfy serialisers, the lab always gives a message.
    /// </summary>
    public LabException()
        : this("The lab failed.")
    {
    }

    /// <summary>The exit code of the command line: 2 or 3.</summary>
    public int ExitCode { get; }
}
