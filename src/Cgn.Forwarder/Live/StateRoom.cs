using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;

namespace Cgn.Forwarder.Live;

/// <summary>Whether the state directory has room for all tables, before any of them is made.</summary>
public static class StateRoom
{
    private const ulong MiB = 1 << 20;

    /// <summary>Checks it.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <exception cref="IOException">Tables need more room than there is, beside pages that they have.</exception>
    public static void Check(StateDirectory directory, ConfigSnapshot snapshot) =>
        Check(directory, snapshot, FileRoom.Free(directory.Path));

    /// <summary>Checks it against room that is known.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="free">Bytes that its file system has free.</param>
    /// <exception cref="IOException">Tables need more room than there is, beside pages that they have.</exception>
    public static void Check(StateDirectory directory, ConfigSnapshot snapshot, ulong free)
    {
        // The cursor is the control plane's, and less than a page.
        List<SectionSize> sections =
            [new(SectionNames.Forwarder, StatusPage.SizeBytes), new(SectionNames.LogCursor, 1)];
        sections.AddRange(ShardFactory.Sections(snapshot));
        ulong missing = FileRoom.Missing(directory.Path, CollectionsMarshal.AsSpan(sections));
        if (missing <= free)
            return;
        throw new IOException(
            $"gateway.capacity needs {missing} bytes ({(missing + MiB - 1) / MiB} MiB) more in gateway.state-directory "
            + $"{directory.Path}, and its file system has {free} bytes ({free / MiB} MiB) free: give it more (of a "
            + "tmpfs: mount -o remount,size=...), name a directory where there is more, or lower gateway.capacity");
    }
}
