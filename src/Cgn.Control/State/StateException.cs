using System;

namespace Cgn.Control.State;

/// <summary>A state directory that can't be looked at; the message says why and what would help.</summary>
public sealed class StateException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">A sentence for the operator.</param>
    public StateException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it comes from.</summary>
    /// <param name="message">A sentence for the operator.</param>
    /// <param name="inner">The cause.</param>
    public StateException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a message; for tools that make exceptions.</summary>
    public StateException()
    {
    }
}
