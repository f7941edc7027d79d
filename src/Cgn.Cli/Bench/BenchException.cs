using System;

namespace Cgn.Cli.Bench;

/// <summary>A run can't be made, or something in it was not right: there is no figure.</summary>
internal sealed class BenchException : Exception
{
    /// <summary>With what is wrong, for the user.</summary>
    public BenchException(string message)
        : base(message)
    {
    }
}
