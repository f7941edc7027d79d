using System;

namespace Cgn.Control.Hosting;

/// <summary>
/// The system does not let the gateway start: privilege, device, memory, address in use. Ends in exit code 3.
/// </summary>
public sealed class SystemRefusedException : Exception
{
    /// <summary>Says what was refused.</summary>
    /// <param name="message">A sentence for the operator.</param>
    public SystemRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was refused, and what it comes from.</summary>
    /// <param name="message">A sentence for the operator.</param>
    /// <param name="inner">The cause.</param>
    public SystemRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a message; for tools that make exceptions.</summary>
    public SystemRefusedException()
    {
    }
}
