using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Forwarder.Live;
using Cgn.Forwarder.Workers;
using Cgn.Nat;
using Cgn.Ports;

namespace Cgn.Forwarder;

/// <summary>
/// The process <c>cgn-forwarder [--wait | --standby | --check] STATE-DIRECTORY</c>: reads the snapshot that the control
/// plane has left there, or waits for one, forwards until SIGTERM or SIGINT; takes another snapshot on SIGHUP. While
/// another process forwards in the directory it stands by; with --standby only until its standard input ends. With
/// --check it only says whether it could go on with the state that lies there, whoever works on it. Exit codes: 0 ended
/// as asked, 2 unusable arguments or snapshot, 3 the system refused, 4 a broken invariant.
/// </summary>
public static class Program
{
    /// <summary>Entry point.</summary>
    public static int Main(string[] args)
    {
        bool waits = args is ["--wait", _];
        bool isSpare = args is ["--standby", _];
        bool isCheck = args is ["--check", _];
        if (args.Length != (waits || isSpare || isCheck ? 2 : 1) || args[^1].StartsWith('-'))
        {
            Console.Error.WriteLine(
                "cgn-forwarder: usage: cgn-forwarder [--wait | --standby | --check] STATE-DIRECTORY (started by 'cgn "
                + "run', or by the service manager beside 'cgn run --forwarder external')");
            return 2;
        }

        FileMask.Tighten();
        try
        {
            StateDirectory directory = new(args[^1]);
            return isCheck ? Check(directory) : Run(directory, waits, isSpare);
        }
        catch (SnapshotException error)
        {
            return Fail(error, 2);
        }
        catch (Exception error) when (error is PortException or IOException or InvalidDataException
            or UnauthorizedAccessException)
        {
            return Fail(error, 3);
        }
    }

    private static int Check(StateDirectory directory)
    {
        ConfigSnapshot snapshot = SnapshotFile.Read(directory.SnapshotFile);
        ShardCapacity capacity = ShardCapacity.Of(snapshot.Settings, snapshot.Settings.ShardCount);
        StateShape.CheckFit(directory, ShardFactory.ShapeOf(snapshot), capacity);
        return 0;
    }

    private static int Run(StateDirectory directory, bool waits, bool isSpare)
    {
        using ServiceManager service = ServiceManager.FromEnvironment();
        using ManualResetEventSlim ended = new();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        int hangUps = 0;
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Interlocked.Increment(ref hangUps);
        });
        using ForwarderLock right = ForwarderLock.Open(directory);
        bool forwards = Standby.Await(right, directory, isSpare, service, ended, out Preparation? prepared);
        using Preparation? left = prepared;
        if (!forwards)
            return 0;
        // Whatever ends this process out of turn: what it found may have been the cause. Of an access to memory that is
        // not there only whoever started it hears.
        AppDomain.CurrentDomain.UnhandledException += (_, _) => directory.TrySuspect();
        long began = Stopwatch.GetTimestamp();
        ConfigSnapshot? snapshot = waits ? Await(directory, service, ended) : SnapshotFile.Read(directory.SnapshotFile);
        if (snapshot is null)
            return 0;
        using LiveGateway gateway = LiveGateway.Start(directory, snapshot, ended.Set, prepared);
        if (prepared is not null)
        {
            Console.Error.WriteLine(
                $"cgn-forwarder: {Environment.ProcessId} took over and forwards, after "
                + $"{Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        }

        service.Ready(Status(gateway));
        // At once: what was left for later at a take-over is done with it.
        gateway.Beat();
        // One that stood by has done it.
        if (prepared is null)
            Compilation.RunBehind(() => ended.IsSet);
        int seen = 0;
        while (!ended.Wait(LiveGateway.HeartbeatMs))
        {
            int heard = Volatile.Read(ref hangUps);
            if (heard != seen)
            {
                service.Reloading();
                gateway.Reload(directory);
                service.Ready(Status(gateway));
            }

            seen = heard;
            // A worker that is stuck stops the signs of life, and the service manager starts the process again.
            if (gateway.Beat() < service.Watchdog / 2)
                service.Alive();
        }

        service.Stopping();
        return gateway.Stop();

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.Set();
        }
    }

    // Until the control plane has left one that this program can read; null when it is asked to end before.
    private static ConfigSnapshot? Await(StateDirectory directory, ServiceManager service, ManualResetEventSlim ended)
    {
        string? told = null;
        do
        {
            try
            {
                return SnapshotFile.Read(directory.SnapshotFile);
            }
            catch (SnapshotException error)
            {
                if (told != error.Message)
                    Console.Error.WriteLine($"cgn-forwarder: waiting for a configuration: {error.Message}");
                told = error.Message;
                service.Status($"waiting for a configuration in {directory.Path}");
            }
        }
        while (!ended.Wait(LiveGateway.HeartbeatMs));
        return null;
    }

    private static string Status(LiveGateway gateway) => $"forwards, generation {gateway.Generation}";

    private static int Fail(Exception error, int exitCode)
    {
        Console.Error.WriteLine($"cgn-forwarder: {error.Message}");
        return exitCode;
    }
}
