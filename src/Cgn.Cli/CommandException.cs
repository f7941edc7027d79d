using System;

namespace Cgn.Cli;

/// <summary>A verb can't go on: the message says where, what is wrong and what would be right.</summary>
internal sealed class CommandException : Exception
{
    /// <summary>An error without further detail.</summary>
    public CommandException()
    {
    }

    /// <summary>Arguments or configuration are unusable.</summary>
    public CommandException(string message)
        : base(message)
    {
    }

    /// <summary>An error with what caused it.</summary>
    public CommandException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; init; } = ExitCodes.Unusable;
}
