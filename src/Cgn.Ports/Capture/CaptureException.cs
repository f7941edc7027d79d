using System;
using System.IO;

namespace Cgn.Ports.Capture;

/// <summary>
/// A capture file can't be read or written: which file, at which record, what is wrong and what would be right.
/// </summary>
public sealed class CaptureException : IOException
{
    /// <summary>An error without further detail.</summary>
    public CaptureException()
    {
    }

    /// <summary>An error in one sentence: file, record, what is wrong and what would be right.</summary>
    public CaptureException(string message)
        : base(message)
    {
    }

    /// <summary>An error in one sentence with what caused it.</summary>
    public CaptureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
