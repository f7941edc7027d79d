using System;
using System.IO;
using System.Threading;

using Cgn.Contract.Process;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.History;
using Cgn.Control.Hosting.Forwarders;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>Gives a running gateway another configuration file, from another process.</summary>
public static class ReloadRequest
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Writes the configuration file, asks the control plane by SIGHUP, and waits for what became of it. A file that is
    /// refused is put back as it was.
    /// </summary>
    /// <param name="directory">The gateway's state directory.</param>
    /// <param name="path">Its configuration file.</param>
    /// <param name="yaml">The text.</param>
    /// <param name="origin">Who writes it, for the history.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>The answer; null when none came in time: then the file stays as it was written.</returns>
    /// <exception cref="IOException">Something can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static ReloadReport? Send(
        StateDirectory directory, string path, string yaml, string origin, TimeSpan patience)
    {
        string? before = File.Exists(path) ? File.ReadAllText(path) : null;
        File.Delete(directory.ReloadFile);
        ReloadOrigin.Announce(directory, yaml, origin);
        AtomicFile.Write(path, yaml);
        if (!Signals.TryHangUp(StateClaim.Holder(directory)))
        {
            if (before is not null)
                AtomicFile.Write(path, before);
            throw new UnauthorizedAccessException(
                $"{directory.Path}: the control plane can't be signalled by this user; its own user or root can");
        }

        ReloadReport? report = Await(directory, ConfigHistory.Sha256(yaml), patience);
        if (report is { Obstacles.Count: not 0 } && before is not null)
            AtomicFile.Write(path, before);
        return report;
    }

    private static ReloadReport? Await(StateDirectory directory, string sha256, TimeSpan patience)
    {
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        do
        {
            if (ReloadReport.TryRead(directory) is { } report && report.Sha256 == sha256)
                return report;
            Thread.Sleep(s_poll);
        }
        while (Environment.TickCount64 < deadline);
        return null;
    }
}
