using System;

namespace Cgn.Cli.Lab;

/// <summary>How a program ended and what it said.</summary>
/// <param name="Command">The command line as a person would type it.</param>
/// <param name="ExitCode">Its exit code; <see cref="CommandRunner.TimedOut"/> when it was killed for taking too
/// long.</param>
/// <param name="Output">Everything it wrote to standard output.</param>
/// <param name="Error">Everything it wrote to standard error.</param>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>True when the program ended by itself with exit code 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>The result itself when it succeeded.</summary>
    /// <exception cref="LabException">It did not; the message holds the command and its last words.</exception>
    public CommandResult Require() => Succeeded ? this : throw new LabException(Failure);

    /// <summary>
    /// One sentence on why it failed: the command, how it ended, and what it said on standard error (else on standard
    /// output).
    /// </summary>
    public string Failure
    {
        get
        {
            string said = (string.IsNullOrWhiteSpace(Error) ? Output : Error).Trim();
            string ending = ExitCode == CommandRunner.TimedOut
                ? "took too long and was killed"
                : $"ended with code {ExitCode}";
            return said.Length == 0 ? $"`{Command}` {ending}" : $"`{Command}` {ending}: {LastLines(said)}";
        }
    }

    private static string LastLines(string text)
    {
        const int LinesMax = 4;
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" / ", lines[Math.Max(0, lines.Length - LinesMax)..]);
    }
}
