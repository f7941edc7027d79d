using System;

namespace Cgn.Fuzz;

/// <summary>An input that a target does not survive; the message holds all that repeats it.</summary>
public sealed class FuzzException : Exception
{
    /// <summary>A finding of which nothing is known.</summary>
    public FuzzException()
    {
    }

    /// <summary>A finding in words.</summary>
    public FuzzException(string message)
        : base(message)
    {
    }

    /// <summary>A finding, and what was thrown.</summary>
    public FuzzException(string message, Exception thrown)
        : base(message, thrown)
    {
    }
}
