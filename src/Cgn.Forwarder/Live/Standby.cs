using System;
using System.IO;
using System.Threading;

using Cgn.Contract.Process;

namespace Cgn.Forwarder.Live;

/// <summary>
/// A forwarder that finds another one forwarding stands by: it has its code compiled and waits for the other's death.
/// What is left to do then is to attach and to open the devices.
/// </summary>
internal static class Standby
{
    /// <summary>Waits until this process may forward.</summary>
    /// <param name="right">The lock of the state directory.</param>
    /// <param name="directory">The state directory.</param>
    /// <param name="endsWithStarter">
    /// Whether it ends when its standard input does: whoever started it as a spare is gone, and another one will.
    /// </param>
    /// <param name="service">Who hears of it.</param>
    /// <param name="ended">Set when the process is asked to end.</param>
    /// <param name="prepared">What has been made ready; null where no other process forwarded until now.</param>
    /// <returns>False when it is to end, without ever having forwarded.</returns>
    public static bool Await(
        ForwarderLock right, StateDirectory directory, bool endsWithStarter, ServiceManager service,
        ManualResetEventSlim ended, out Preparation? prepared)
    {
        prepared = right.TryTake() ? null : new Preparation();
        return prepared is null || AwaitDeath(right, directory, endsWithStarter, service, ended, prepared);
    }

    private static bool AwaitDeath(
        ForwarderLock right, StateDirectory directory, bool endsWithStarter, ServiceManager service,
        ManualResetEventSlim ended, Preparation prepared)
    {
        using ManualResetEvent taken = new(false);
        using ManualResetEvent abandoned = new(false);
        right.TakeBehind(taken);
        if (endsWithStarter)
            Watch(abandoned);
        // Whoever is to end does so, even if the lock is free by then: both may have been asked to.
        WaitHandle[] causes = [ended.WaitHandle, abandoned, taken];
        Rehearsal.Run(directory, prepared, () => WaitHandle.WaitAny(causes, 0) != WaitHandle.WaitTimeout);
        service.Ready("stands by");
        Console.Error.WriteLine($"cgn-forwarder: {Environment.ProcessId} stands by");
        while (true)
        {
            switch (WaitHandle.WaitAny(causes, LiveGateway.HeartbeatMs))
            {
                case 2:
                    return true;
                case WaitHandle.WaitTimeout:
                    service.Alive();
                    break;
                default:
                    return false;
            }
        }
    }

    private static void Watch(ManualResetEvent abandoned) => new Thread(() =>
    {
        using Stream input = Console.OpenStandardInput();
        byte[] nothing = new byte[16];
        while (input.Read(nothing) > 0)
        {
        }

        // The process may forward by now, or be ending: then nobody looks any more.
        try
        {
            abandoned.Set();
        }
        catch (ObjectDisposedException)
        {
        }
    })
    { IsBackground = true, Name = "starter" }.Start();
}
