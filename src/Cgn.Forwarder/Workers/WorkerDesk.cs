using System;
using System.Threading;

using Cgn.Contract;
using Cgn.Contract.Commands;
using Cgn.Memory.Rings;
using Cgn.Nat;
using Cgn.Pipeline;

namespace Cgn.Forwarder.Workers;

/// <summary>
/// What others ask of a worker, looked at once a turn: a configuration from the process's main thread, commands from
/// the control side's ring.
/// </summary>
/// <param name="commands">The shard's command ring, or null where nobody commands.</param>
public sealed class WorkerDesk(SpscRing<ForwarderCommand>? commands)
{
    // Records of a clearance visited in a turn: as the sweep, it must never show in the latency.
    private const int RecordsPerTurn = 512;

    // Commands carried out in a turn that have nothing to visit: tens of thousands of turns a second take as many
    // subscribers' plans as any server answers.
    private const int CommandsPerTurn = 32;

    private readonly ForwarderCommand[] _command = new ForwarderCommand[1];
    private ConfigUpdate? _update;

    /// <summary>A configuration waits to be taken.</summary>
    public bool IsWaiting => Volatile.Read(ref _update) is not null;

    /// <summary>A command waits or is being carried out.</summary>
    public bool IsBusy => commands is not null && commands.Depth != 0;

    /// <summary>Bytes that the worker's thread has allocated to take configurations.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Leaves a configuration for the next turn, in place of one that has not been taken yet.</summary>
    public void Leave(ConfigUpdate update) => Volatile.Write(ref _update, update);

    /// <summary>Deals with what there is; the worker's thread only, between two turns.</summary>
    /// <param name="state">What the worker works on.</param>
    /// <param name="now">The time.</param>
    public void Turn(GatewayState state, in WorkerTime now)
    {
        ConfigUpdate? update = Volatile.Read(ref _update);
        if (update is not null)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            state.Apply(update.Snapshot, update.Pools, update.Settings);
            AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            // Another may have been left meanwhile: that one stays.
            Interlocked.CompareExchange(ref _update, null, update);
        }

        if (IsBusy)
            Obey(commands!, state, now);
    }

    private void Obey(SpscRing<ForwarderCommand> ring, GatewayState state, in WorkerTime now)
    {
        for (int i = 0; i < CommandsPerTurn; i++)
        {
            if (!state.Nat.IsClearing)
            {
                if (ring.Peek(_command) == 0)
                    return;
                Begin(_command[0], state.Nat, now);
            }

            bool visits = state.Nat.IsClearing;
            if (visits && !state.Nat.ContinueClear(now, RecordsPerTurn))
                return;
            // A command leaves the ring when it has been carried out: whoever wrote it sees that, and a process that
            // is killed before finds it again.
            ring.Release(1);
            if (visits)
                return;
        }
    }

    private static void Begin(in ForwarderCommand command, NatShard nat, in WorkerTime now)
    {
        SubscriberKey key = new(command.PrefixHigh, command.PrefixLow, command.SubscriberKind);
        switch (command.Kind)
        {
            case CommandKind.Clear:
                nat.BeginClear(command.Prefix, command.ExternalAddress, command.Protocol);
                break;
            case CommandKind.SetPlan:
                nat.SetPlan(key, command.Plan, now);
                break;
            case CommandKind.Release:
                nat.BeginRelease(key);
                break;
            default:
                break;
        }
    }
}
