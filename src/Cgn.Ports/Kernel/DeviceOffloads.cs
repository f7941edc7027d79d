using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

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
    private readonly ReceiveOffload[] _unwanted;
    private Process? _guard;

    internal DeviceOffloads(DeviceInfo device, params ReadOnlySpan<ReceiveOffload> unwanted)
    {
        _device = device;
        _unwanted = unwanted.ToArray();
        Keep();
    }

    /// <summary>Turns off what is on, as at the beginning; a few system calls where nothing is.</summary>
    public void Keep()
    {
        int before = _changed.Count;
        foreach (ReceiveOffload offload in _unwanted)
        {
            if (_device.IsOn(offload) && _device.TrySet(offload, on: false) && !_changed.Contains(offload))
                _changed.Add(offload);
        }

        if (_changed.Count == before)
            return;
        EndGuard();
        _guard = StartGuard(_device.Name, _changed);
    }

    public void Dispose()
    {
        foreach (ReceiveOffload offload in _changed)
            _device.TrySet(offload, on: true);
        _changed.Clear();
        EndGuard();
    }

    /// <summary>Does once what the first of them would be slow at.</summary>
    internal static void Rehearse()
    {
        using Process? process = StartShell(":", "none");
        process?.WaitForExit();
    }

    private void EndGuard()
    {
        if (_guard is null)
            return;
        _guard.Kill();
        _guard.WaitForExit();
        _guard.Dispose();
        _guard = null;
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
