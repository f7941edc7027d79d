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
    /// MODE [--standby] DIRECTORY, where the mode is ready, refuse, stubborn or misfit, which take no other snapshot,
    /// mortal, which dies of being asked to, allergic, which dies of every snapshot but the first, damaged, which
    /// aborts until it is told that the state is suspect, doomed, which always fails, or broken, which fails at once;
    /// a file named die in the directory ends it. Standing by in the mode ready it only waits to be ended. MODE --check
    /// DIRECTORY finds fault with the state in the mode misfit.
    /// </summary>
    public static int Main(string[] arguments)
    {
        if (arguments is [string checkedMode, "--check", _])
        {
            if (checkedMode == "misfit")
                Console.Error.WriteLine("cgn-forwarder: the state found there has 2 shards where 4 are configured");
            return checkedMode == "misfit" ? 3 : 0;
        }

        if (arguments is ["ready", "--standby", _])
            return StandBy();
        if (arguments is not ([_, _] or [_, "--standby", _]))
            return 2;
        (string mode, string path) = (arguments[0], arguments[^1]);
        if (mode == "refuse")
        {
            Console.Error.WriteLine("cgn-forwarder: interfaces.inside.device in0: there is no such device");
            return 3;
        }

        var directory = new StateDirectory(path);
        if (mode == "broken")
            return 4;
        string die = Path.Combine(path, "die");
        ConfigSnapshot snapshot = SnapshotFile.Read(directory.SnapshotFile);
        if (mode == "allergic" && snapshot.Generation > 1)
            return 7;
        // What a real one holds as long as it lives.
        using FileStream? right = mode == "doomed" ? Await(directory) : null;
        bool isSuspect = File.Exists(directory.SuspectFile);
        File.Delete(directory.SuspectFile);
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
            state.Take(SnapshotFile.Read(directory.SnapshotFile), refuse: mode is "stubborn" or "misfit");
        });
        state.Enter(ForwarderState.Ready);
        state.Tell(EventKind.BlockAllocated);
        int beats = 0;
        while (!ended.Wait(20))
        {
            state.Beat();
            if (mode == "damaged" && !isSuspect)
                Environment.FailFast("no such record");
            if (mode == "doomed" && beats++ == 20)
                return 4;
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

    private static FileStream Await(StateDirectory directory)
    {
        while (true)
        {
            try
            {
                return new FileStream(
                    directory.ForwarderLockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(2);
            }
        }
    }
}
