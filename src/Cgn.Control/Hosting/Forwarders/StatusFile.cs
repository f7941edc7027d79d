using System;
using System.IO;
using System.Runtime.InteropServices;

using Cgn.Contract.Process;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>Reads the forwarder's status page without mapping it, for while there may be none.</summary>
internal static class StatusFile
{
    /// <summary>Reads the page.</summary>
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
    /// <returns>Its process number, 0 for none.</returns>
    public static int RunningIn(StateDirectory directory)
    {
        if (!TryRead(directory, out StatusPage page)
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
