using System;

namespace Cgn.Control.Hosting;

/// <summary>A part of the control plane met what it was not made for: a fault of the program.</summary>
public sealed class ControlFaultException : Exception
{
    /// <summary>A fault without further detail.</summary>
    public ControlFaultException()
    {
    }

    /// <summary>A fault with its description.</summary>
    public ControlFaultException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with its description and cause.</summary>
    public ControlFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault that an exception tells of.</summary>
    /// <param name="cause">The exception.</param>
    public ControlFaultException(Exception cause)
        : base(cause?.ToString().ReplaceLineEndings(" "), cause)
    {
    }
}
