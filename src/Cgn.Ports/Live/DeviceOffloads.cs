using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

using Cgn.Ports.Kernel;

namespace Cgn.Ports.Live;

/// <summary>
/// Keeps the kernel from joining received packets to larger ones (GRO, LRO) before libpcap sees them: those are not what was sent, and longer than a frame
/// may be. Both are set as they were when the port closes; should this process be killed, a small shell that waits for its end does it.
/// </summary>
internal sealed class DeviceOffloads : IDisposable
{
    private readonly List<ReceiveOffload> _changed = [];
    private readonly DeviceInfo _device;
    private Process? _guard;

    internal DeviceOffloads(DeviceInfo device)
    {
        _device = device;
        foreach (ReceiveOffload offload in (ReceiveOffload[])[ReceiveOffload.Generic, ReceiveOffload.Large])
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
        string settings = string.Join(' ', offloads.Select(o => o == ReceiveOffload.Generic ? "gro on" : "lro on"));
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
}
