using System.Globalization;
using System.IO;

namespace Cgn.Ports.Native;

/// <summary>The files that this process has open.</summary>
internal static class OpenFiles
{
    private const int FirstOwn = 3;
    private const int SetFlags = 2;
    private const int Close = 1;
    private const string Folder = "/proc/self/fd";

    /// <summary>
    /// No child that is started from now on gets any of them but the three standard ones, which it is given by whoever
    /// starts it.
    /// </summary>
    internal static void CloseOnExec()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (string path in Directory.GetFileSystemEntries(Folder))
        {
            if (int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int file) && file >= FirstOwn)
                _ = LibC.fcntl(file, SetFlags, Close);
        }
    }
}
