using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;

namespace Cgn.Control.Configuration;

/// <summary>Writes files whole: who reads sees the old text or the new one, also after the power has failed.</summary>
public static class AtomicFile
{
    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <summary>
    /// Replaces a file's text; its mode stays, a new file is for owner and group. What root writes belongs to whoever
    /// the file, or the directory of a new one, belongs to: the gateway's own user must be able to read it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its new text.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static void Write(string path, string text)
    {
        string beside = path + ".new";
        try
        {
            WriteBeside(beside, path, text);
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw;
        }
    }

    private static void WriteBeside(string beside, string path, string text)
    {
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file.SafeFileHandle, File.Exists(path) ? File.GetUnixFileMode(path) : Private);
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        if (Environment.IsPrivilegedProcess)
            GiveAway(beside, File.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static void GiveAway(string path, string reference)
    {
        try
        {
            using var chown = Process.Start("chown", [$"--reference={reference}", path]);
            chown.WaitForExit();
        }
        catch (Win32Exception)
        {
            // Without the program it stays root's.
        }
    }
}
