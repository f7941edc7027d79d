using System;
using System.Collections.Generic;
using System.Threading;

using Cgn.Contract.Settings;
using Cgn.Forwarder.Workers;
using Cgn.Nat;
using Cgn.Ports;

namespace Cgn.Forwarder.Live;

/// <summary>Takes another configuration to the workers while they forward.</summary>
/// <param name="workers">All of them.</param>
/// <param name="ports">The devices, which must know what is ours.</param>
/// <param name="first">The configuration that the workers were made with.</param>
internal sealed class Reload(IReadOnlyList<Worker> workers, LivePorts ports, BoxFit first)
{
    private const int PatienceMs = 10_000;

    private PoolTable _pools = workers[0].State.Pools;
    private BoxFit _fit = first;
    private DeviceMtu _seen = first.Mtu;

    /// <summary>The configuration in force.</summary>
    public ConfigSnapshot InForce => _fit.Snapshot;

    /// <summary>Takes a configuration over; the one in force stays when that can't be.</summary>
    /// <param name="written">The configuration as the control plane wrote it.</param>
    /// <returns>False when it was refused; standard error has said why.</returns>
    public bool TryTake(ConfigSnapshot written)
    {
        BoxFit fit = BoxFit.Of(written);
        if (!TryTake(fit))
            return false;
        fit.Tell();
        _seen = fit.Mtu;
        return true;
    }

    /// <summary>Has the configuration in force follow the devices' MTUs when they have changed.</summary>
    public void FollowDevices()
    {
        DeviceMtu now = DeviceMtu.Read(_fit.Written);
        if (now == _seen)
            return;
        // Also when it can't be followed: that was said, and would be said again at each look.
        _seen = now;
        BoxFit fit = BoxFit.Of(_fit.Written);
        GatewaySettings settings = fit.Snapshot.Settings;
        GatewaySettings before = InForce.Settings;
        bool isSame = settings.InsideMtu == before.InsideMtu && settings.OutsideMtu == before.OutsideMtu
            && settings.TunnelMtu == before.TunnelMtu;
        if (isSame || !TryTake(fit))
            return;
        fit.Tell();
        Console.Error.WriteLine(
            "cgn-forwarder: a device's MTU has changed: in force are "
            + $"{settings.InsideMtu} inside and {settings.OutsideMtu} outside");
    }

    private bool TryTake(BoxFit fit)
    {
        ConfigSnapshot next = fit.Snapshot;
        IReadOnlyList<string> obstacles = SnapshotChange.Obstacles(InForce, next);
        foreach (string obstacle in obstacles)
            Console.Error.WriteLine($"cgn-forwarder: {obstacle}");
        if (obstacles.Count != 0)
            return false;
        try
        {
            // Before the workers know: a frame too many is dropped as not ours, while a missing one would be refused by
            // the kernel.
            ports.Steer(next);
        }
        catch (PortException error)
        {
            Console.Error.WriteLine($"cgn-forwarder: the configuration can't be steered: {error.Message}");
            ports.Steer(InForce);
            return false;
        }

        ConfigUpdate update = ConfigUpdate.Of(next, _pools);
        foreach (Worker worker in workers)
            worker.Desk.Leave(update);
        long deadline = Environment.TickCount64 + PatienceMs;
        foreach (Worker worker in workers)
        {
            while (worker.Desk.IsWaiting && Environment.TickCount64 < deadline)
                Thread.Sleep(1);
        }

        _fit = fit;
        _pools = update.Pools;
        return true;
    }
}
