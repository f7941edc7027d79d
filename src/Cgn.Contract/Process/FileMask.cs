using System.Runtime.InteropServices;

namespace Cgn.Contract.Process;

/// <summary>
/// Who may read what a process of the gateway writes: the state and the logs say which subscriber had which address,
/// and that is nobody's business but the owner's and his group's.
/// </summary>
public static class FileMask
{
    // 0027: the group writes nothing, others do nothing.
    private const uint Least = 0x17;

    /// <summary>Has new files and directories be for owner and group, or fewer where it is so already (umask(2)).
    /// </summary>
    public static void Tighten() => _ = umask(umask(Least) | Least);

    [DllImport("libc")]
    private static extern uint umask(uint mask);
}
