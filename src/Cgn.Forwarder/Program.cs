using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Contract.Process;
using Cgn.Contract.Snapshots;
using Cgn.Forwarder.Live;
using Cgn.Ports;

namespace Cgn.Forwarder;

/// <summary>
/// The process <c>cgn-forwarder STATE-DIRECTORY</c>: reads the snapshot that the control plane has left there,
/// forwards until SIGTERM or
/// SIGINT; takes another snapshot on SIGHUP. Exit codes: 0 ended as asked, 2 unusable arguments or snapshot, 3 the
/// system refused, 4 a broken invariant.
/// </summary>
public static class Program
{
    /// <summary>Entry point.</summary>
    public static int Main(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("cgn-forwarder: usage: cgn-forwarder STATE-DIRECTORY (started by 'cgn run')");
            return 2;
        }

        try
        {
            return Run(new StateDirectory(args[0]));
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

    private static int Run(StateDirectory directory)
    {
        using ManualResetEventSlim ended = new();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        int hangUps = 0;
        int seen = 0;
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Interlocked.Increment(ref hangUps);
        });
        using LiveGateway gateway = LiveGateway.Start(directory, SnapshotFile.Read(directory.SnapshotFile), ended.Set);
        while (!ended.Wait(LiveGateway.HeartbeatMs))
        {
            int heard = Volatile.Read(ref hangUps);
            if (heard != seen)
                gateway.Reload(directory);
            seen = heard;
            gateway.Beat();
        }

        return gateway.Stop();

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.Set();
        }
    }

    private static int Fail(Exception error, int exitCode)
    {
        Console.Error.WriteLine($"cgn-forwarder: {error.Message}");
        return exitCode;
    }
}
