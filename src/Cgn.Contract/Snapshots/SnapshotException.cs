using System;

namespace Cgn.Contract.Snapshots;

/// <summary>A snapshot file that can't be used; the message says why and what would help.</summary>
public sealed class SnapshotException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">A sentence for the operator.</param>
    public SnapshotException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it comes from.</summary>
    /// <param name="message">A sentence for the operator.</param>
    /// <param name="inner">The cause.</param>
    public SnapshotException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a message; for tools that make exceptions.</summary>
    public SnapshotException()
    {
    }
}
