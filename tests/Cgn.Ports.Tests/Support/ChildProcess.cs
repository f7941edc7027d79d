using System;
using System.Diagnostics;
using System.Threading;

using Cgn.Memory.Frames;
using Cgn.Ports.Live;
using Cgn.Ports.Steering;
using Cgn.Ports.Xdp;

namespace Cgn.Ports.Tests.Support;

/// <summary>
/// This assembly run as a program: opens a port, says so and sleeps, to be killed by the test that started it.
/// </summary>
internal static class ChildProcess
{
    private const int LongestLifeMs = 60_000;

    /// <summary>Entry point, in place of the one that the test SDK generates.</summary>
    internal static int Main(string[] arguments)
    {
        if (arguments is not [{ } what, { } device])
            return 1;
        using FrameStore store = new(256);
        using IDisposable held = what == "hold-xdp"
            ? HoldXdp(store, device)
            : new LiveDevice(store, device, FramePort.Outside, Rules());
        Console.WriteLine("ready");
        Thread.Sleep(LongestLifeMs);
        return 0;
    }

    /// <summary>Starts it in a namespace.</summary>
    internal static Process Start(NetworkNamespace where, string what, string device)
    {
        string assembly = typeof(ChildProcess).Assembly.Location;
        Process? process = null;
        where.Run(() => process = Process.Start(
            new ProcessStartInfo("dotnet", [assembly, what, device]) { RedirectStandardOutput = true }));
        return process!;
    }

    private static XdpSet HoldXdp(FrameStore store, string device) =>
        XdpSet.Open(store, [new XdpDeviceOptions(device, FramePort.Outside, Rules())], workers: 1);

    private static SteeringRules Rules() =>
        SteeringRules.Outside([new SteeringPrefix(Packets.Address("203.0.113.0"), 28)]);
}
