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
/// <param name="inForce">The configuration that the workers were made with.</param>
internal sealed class Reload(IReadOnlyList<Worker> workers, LivePorts ports, ConfigSnapshot inForce)
{
    private const int PatienceMs = 10_000;

    private PoolTable _pools = workers[0].State.Pools;

    /// <summary>The configuration in force.</summary>
    public ConfigSnapshot InForce { get; private set; } = inForce;

    /// <summary>Takes a configuration over; the one in force stays when that can't be.</summary>
    /// <param name="next">The configuration.</param>
    /// <returns>False when it was refused; standard error has said why.</returns>
    public bool TryTake(ConfigSnapshot next)
    {
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

        InForce = next;
        _pools = update.Pools;
        return true;
    }
}
