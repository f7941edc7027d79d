using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;

namespace Cgn.FakeForwarder;

/// <summary>A child process for tests of the supervisor: says that it is ready and forwards nothing.</summary>
public static class Program
{
    /// <summary>
    /// MODE DIRECTORY, where the mode is ready, refuse, stubborn, which takes no other snapshot, mortal, which dies of
    /// being asked to, or allergic, which dies of every snapshot but the first; a file named die in the directory ends
    /// it. With --standby before the directory it only waits to be ended.
    /// </summary>
    public static int Main(string[] arguments)
    {
        if (arguments is [_, "--standby", _])
            return StandBy();
        if (arguments is not [string mode, string path])
            return 2;
        if (mode == "refuse")
        {
            Console.Error.WriteLine("cgn-forwarder: interfaces.inside.device in0: there is no such device");
            return 3;
        }

        var directory = new StateDirectory(path);
        string die = Path.Combine(path, "die");
        ConfigSnapshot snapshot = SnapshotFile.Read(directory.SnapshotFile);
        if (mode == "allergic" && snapshot.Generation > 1)
            return 7;
        using var state = new FakeState(directory, snapshot);
        using var ended = new ManualResetEventSlim();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ended.Set();
        });
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            if (mode is "mortal" or "allergic")
                Environment.Exit(7);
            state.Take(SnapshotFile.Read(directory.SnapshotFile), refuse: mode == "stubborn");
        });
        state.Enter(ForwarderState.Ready);
        state.Tell(EventKind.BlockAllocated);
        while (!ended.Wait(20))
        {
            state.Beat();
            if (!File.Exists(die))
                continue;
            File.Delete(die);
            return 7;
        }

        // What is said at the very end is recorded too.
        state.Tell(EventKind.BlockReleased);
        state.Enter(ForwarderState.Stopped);
        return 0;
    }

    private static int StandBy()
    {
        using var ended = new ManualResetEventSlim();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ended.Set();
        });
        Console.Error.WriteLine($"cgn-forwarder: {Environment.ProcessId} stands by");
        ended.Wait();
        return 0;
    }
}
