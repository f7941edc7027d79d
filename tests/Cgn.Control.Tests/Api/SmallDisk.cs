using System;
using System.Diagnostics;
using System.IO;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>A file system of a few pages, in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(int kilobytes)
    {
        Skip.IfNot(Environment.UserName == "root", "a file system of its own needs root");
        Folder = Directory.CreateTempSubdirectory("cgn-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", Folder);
    }

    public string Folder { get; }

    /// <summary>Leaves no room for anything more.</summary>
    public void Fill()
    {
        try
        {
            using var file = new FileStream(
                Path.Combine(Folder, "fill"), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Dispose()
    {
        Run("umount", Folder);
        Directory.Delete(Folder);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
