using System.Runtime.InteropServices;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>Signals to other processes, which the platform's own library lacks.</summary>
internal static class Signals
{
    private const int Terminate = 15;

    private const int HangUp = 1;

    private const int KillNow = 9;

    /// <summary>Asks a forwarder to read its snapshot again (SIGHUP).</summary>
    /// <returns>False when there is no such process, or it is not ours to ask.</returns>
    public static bool TryHangUp(int processId) => processId > 0 && kill(processId, HangUp) == 0;

    /// <summary>Asks a process to end (SIGTERM).</summary>
    /// <returns>False when there is no such process, or it is not ours to ask.</returns>
    public static bool TryTerminate(int processId) => processId > 0 && kill(processId, Terminate) == 0;

    /// <summary>Ends a process at once (SIGKILL).</summary>
    /// <returns>False when there is no such process, or it is not ours to end.</returns>
    public static bool TryKill(int processId) => processId > 0 && kill(processId, KillNow) == 0;

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
