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
    private Process? _guard;

    internal DeviceOffloads(DeviceInfo device, params ReadOnlySpan<ReceiveOffload> unwanted)
    {
        _device = device;
        foreach (ReceiveOffload offload in unwanted)
        {
            if (device.IsOn(offload) && device.TrySet(offload, on: false))
                _changed.Add(offload);
        }

        if (_changed.Count != 0)
            _guard = StartGuard(device.Name, _changed);
    }

    public void Dispose()
    {
        foreach (ReceiveOffload offload in _changed)
            _device.TrySet(offload, on: true);
        _changed.Clear();
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
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("trap '' INT TERM HUP; read -r nothing; exec ethtool -K \"$0\" " + settings);
        start.ArgumentList.Add(device);
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
