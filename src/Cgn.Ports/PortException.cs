using System;
using System.IO;

namespace Cgn.Ports;

/// <summary>
/// A port can't be opened or the kernel refused something: what, on which device, and what would help.
/// </summary>
public sealed class PortException : IOException
{
    /// <summary>An error without further detail.</summary>
    public PortException()
    {
    }

    /// <summary>An error in one sentence: device, what failed, why, and what would help.</summary>
    public PortException(string message)
        : base(message)
    {
    }

    /// <summary>An error in one sentence with what caused it.</summary>
    public PortException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
