using System;
using System.IO;

using Cgn.Ports.Capture;

namespace Cgn.Cli;

/// <summary>Turns the errors that a verb can meet into one line on stderr and an exit code.</summary>
internal static class CommandGuard
{
    /// <summary>Runs a verb.</summary>
    /// <param name="errors">Where errors go.</param>
    /// <param name="verb">The verb; returns an exit code.</param>
    internal static int Run(TextWriter errors, Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (CommandException error)
        {
            errors.WriteLine($"cgn: {error.Message}");
            return error.ExitCode;
        }
        catch (CaptureException error)
        {
            errors.WriteLine($"cgn: {error.Message}");
            return ExitCodes.Unusable;
        }
        catch (Exception error) when (error is OutOfMemoryException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"cgn: {error.Message}");
            return ExitCodes.Refused;
        }
    }
}
