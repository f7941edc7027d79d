using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

using Cgn.Ports.Native;

namespace Cgn.Ports.Kernel;

/// <summary>
/// Turns receive offloads off that would show us other packets than were sent: joined ones (GRO, LRO), longer than a
/// frame may be, or ones without their VLAN tags. They are set as they were when the port closes; should this process
/// be killed, a small shell that waits for its end does it.
/// </summary>
internal sealed class DeviceOffloads : IDisposable
{
    private readonly List<ReceiveOffload> _changed = [];
    private readonly DeviceInfo _device;
    private readonly List<ReceiveOffload> _unwanted;
    private Process? _guard;

    /// <param name="device">The device.</param>
    /// <param name="isLater">Nothing is done before the first <see cref="Keep"/>, which follows at once.</param>
    /// <param name="unwanted">What is to be off.</param>
    internal DeviceOffloads(DeviceInfo device, bool isLater, params ReadOnlySpan<ReceiveOffload> unwanted)
    {
        _device = device;
        _unwanted = [.. unwanted];
        if (!isLater)
            Keep();
    }

    /// <summary>Turns off what is on, as at the beginning; a few system calls where nothing is.</summary>
    public void Keep()
    {
        ReceiveOffload[] on = [.. _unwanted.Where(_device.IsOn)];
        if (on.Length == 0)
            return;
        // The guard is there before anything changes, or a death in between would leave it changed.
        if (on.Except(_changed).Any())
        {
            _changed.AddRange(on.Except(_changed).ToArray());
            Process? before = _guard;
            _guard = StartGuard(_device.Name, _changed);
            End(before);
        }

        // What the device can't turn off is not asked for again.
        foreach (ReceiveOffload offload in on)
        {
            if (!_device.TrySet(offload, on: false))
                _unwanted.Remove(offload);
        }
    }

    public void Dispose()
    {
        foreach (ReceiveOffload offload in _changed)
            _device.TrySet(offload, on: true);
        _changed.Clear();
        End(_guard);
        _guard = null;
    }

    /// <summary>Does once what the first of them would be slow at.</summary>
    internal static void Rehearse()
    {
        using Process? process = StartShell(":", "none");
        process?.WaitForExit();
    }

    private static void End(Process? guard)
    {
        if (guard is null)
            return;
        guard.Kill();
        guard.WaitForExit();
        guard.Dispose();
    }

    // Its input ends when this process does. Signals that end a whole group of processes must not end it before.
    private static Process? StartGuard(string device, List<ReceiveOffload> offloads)
    {
        string settings = string.Join(' ', offloads.Select(Setting));
        return StartShell("trap '' INT TERM HUP; read -r nothing; exec ethtool -K \"$0\" " + settings, device);
    }

    private static Process? StartShell(string script, string argument)
    {
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.ArgumentList.Add(argument);
        // Libraries open sockets that a child would get, too, and hold devices with after our death.
        OpenFiles.CloseOnExec();
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Without a shell only a regular end restores the setting.
            return null;
        }
    }

    private static string Setting(ReceiveOffload offload) => offload switch
    {
        ReceiveOffload.Generic => "gro on",
        ReceiveOffload.Large => "lro on",
        _ => "rxvlan on",
    };
}
