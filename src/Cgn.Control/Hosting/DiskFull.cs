using System;
using System.IO;

namespace Cgn.Control.Hosting;

/// <summary>Tells a file system without room from other reasons why a file can't be written.</summary>
internal static class DiskFull
{
    // ENOSPC and EDQUOT (errno(3)), which the platform hands on as they are.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>What would help against an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="directory">Where it was to be written.</param>
    /// <param name="otherwise">What would help where the file system has room.</param>
    public static string Advice(Exception error, string directory, string otherwise) =>
        error is IOException { HResult: NoSpace or QuotaExceeded }
            ? $"make room in the file system of {directory}"
            : otherwise;
}
