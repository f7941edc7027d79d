using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Threading;

using Cgn.Control.Configuration;

namespace Cgn.Control.Radius.Sessions;

/// <summary>
/// Names of sessions: the number of the start and a number within it, so that none comes again after a restart (RFC
/// 2866 §5.5).
/// </summary>
/// <param name="start">Number of this start.</param>
internal sealed class SessionIds(uint start)
{
    private int _next;

    /// <summary>A name that no session had before.</summary>
    public string Next() => $"{start:x8}-{(uint)Interlocked.Increment(ref _next):x8}";

    /// <summary>Counts the start in a file.</summary>
    /// <param name="path">The file; made with its directory when it is not there.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public static SessionIds Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Nothing, or nothing readable, to go on from: begin somewhere where nobody has been.
        uint before = File.Exists(path)
            && uint.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
                ? number
                : BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))) >> 1;
        uint now = unchecked(before + 1);
        AtomicFile.Write(path, now.ToString(CultureInfo.InvariantCulture));
        return new SessionIds(now);
    }
}
