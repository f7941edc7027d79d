using System;
using System.Globalization;
using System.IO;

using Cgn.Contract.Process;
using Cgn.Control.Hosting.Events;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>The lock on a state directory: one control plane at a time.</summary>
internal static class DirectoryLock
{
    /// <summary>Takes a directory, which is made when absent, until the lock is disposed of.</summary>
    /// <param name="directory">The state directory.</param>
    /// <exception cref="SystemRefusedException">Another control plane has it, or it can't be written.</exception>
    public static IDisposable Take(StateDirectory directory)
    {
        try
        {
            directory.Create();
            return new FileStream(directory.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string why = Holder(directory) is { } holder
                ? $"another 'cgn run' has it (process {holder}); each gateway needs a directory of its own"
                : $"{error.Message}; it must be a directory that this user may write";
            throw new SystemRefusedException($"gateway.state-directory {directory.Path} can't be taken: {why}", error);
        }
    }

    // The kernel's list of locks names processes and inodes.
    private static string? Holder(StateDirectory directory)
    {
        try
        {
            string file = ":" + FileIdentity.Of(directory.LockFile).Number.ToString(CultureInfo.InvariantCulture);
            foreach (string line in File.ReadLines("/proc/locks"))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words is [_, "FLOCK", _, _, { } process, { } place, ..]
                    && place.EndsWith(file, StringComparison.Ordinal))
                    return process;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then it stays unsaid.
        }

        return null;
    }
}
