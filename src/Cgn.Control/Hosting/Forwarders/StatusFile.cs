using System;
using System.IO;
using System.Runtime.InteropServices;

using Cgn.Contract.Process;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>Reads the forwarder's status page without mapping it, for while there may be none.</summary>
public static class StatusFile
{
    /// <summary>Reads the page.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="page">
    /// What it holds. Of another layout only what no layout changes means anything: <see cref="StatusPage.Magic"/>,
    /// <see cref="StatusPage.LayoutVersion"/>, <see cref="StatusPage.State"/> and <see cref="StatusPage.ProcessId"/>.
    /// </param>
    /// <returns>False when there is none, or one of another layout.</returns>
    public static bool TryRead(StateDirectory directory, out StatusPage page)
    {
        page = default;
        try
        {
            byte[] bytes = File.ReadAllBytes(directory.StatusFile);
            if (bytes.Length < StatusPage.SizeBytes)
                return false;
            page = MemoryMarshal.Read<StatusPage>(bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        return page is { Magic: StatusPage.ExpectedMagic, LayoutVersion: StatusPage.CurrentLayoutVersion };
    }

    /// <summary>A forwarder of this state directory that runs now, whoever started it.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="anyLayout">Whether one of another build counts, whose other fields mean nothing here.</param>
    /// <returns>Its process number, 0 for none.</returns>
    public static int RunningIn(StateDirectory directory, bool anyLayout = false)
    {
        bool isOurs = TryRead(directory, out StatusPage page);
        if ((!isOurs && !(anyLayout && page.Magic == StatusPage.ExpectedMagic))
            || page.State is not (ForwarderState.Starting or ForwarderState.Ready))
            return 0;
        try
        {
            // The number may have gone to another process since: ours has the state directory among its arguments.
            string arguments = File.ReadAllText($"/proc/{page.ProcessId}/cmdline");
            return Array.IndexOf(arguments.Split('\0'), directory.Path) >= 0 ? page.ProcessId : 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
