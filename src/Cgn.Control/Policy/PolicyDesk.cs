using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Commands;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.State;
using Cgn.Memory.Arenas;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Policy;

/// <summary>
/// Steers the forwarder's subscribers one by one: works out which policy is granted, and takes commands to the shards
/// in the order in which they were given, however fast they come and whether or not a forwarder runs just now.
/// </summary>
internal sealed partial class PolicyDesk : BackgroundService, ISubscriberDesk
{
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_scanAgain = TimeSpan.FromSeconds(10);

    private readonly GatewayAttachment _attachment;
    private readonly ConfigurationDesk _configuration;
    private readonly SubscriberMappings _mappings;
    private readonly SemaphoreSlim _work = new(0);
    private readonly Lock _gate = new();
    private Queue<ForwarderCommand>[] _waiting = [];
    private CommandChannel? _channel;
    private PolicySlots? _slots;
    private long _scannedAt = long.MinValue / 2;
    private (ConfigSnapshot Of, PrefixTable<ushort> Named)? _named;

    public PolicyDesk(GatewayAttachment attachment, ConfigurationDesk configuration, RuntimeMappings mappings)
    {
        _attachment = attachment;
        _configuration = configuration;
        Places = new SubscriberPlaces(attachment);
        _mappings = new SubscriberMappings(mappings.Sessions, configuration, Places);
    }

    /// <summary>Where subscribers' records lie.</summary>
    public SubscriberPlaces Places { get; }

    /// <summary>Commands that wait for room in the rings.</summary>
    public int CommandsWaiting
    {
        get
        {
            lock (_gate)
                return Count(_waiting);
        }
    }

    /// <summary>Different policies that are granted.</summary>
    public int PoliciesGranted
    {
        get
        {
            lock (_gate)
                return _slots?.Count ?? 0;
        }
    }

    /// <inheritdoc/>
    public bool TryUsage(SubscriberId who, out SubscriberUsage usage) =>
        Places.TryUsage(who, DateTimeOffset.UtcNow, out usage);

    /// <inheritdoc/>
    public SubscriberStanding StandingOf(SubscriberId who) =>
        !Places.TryRead(who, out SubscriberRecord record) ? SubscriberStanding.Absent
        : record.Plan is PlanNumber.Refused or PlanNumber.Pending ? SubscriberStanding.Unserved
        : SubscriberStanding.Served;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _work.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _work.WaitAsync(stoppingToken).ConfigureAwait(false);
                // A ring that is full, another writer, or no forwarder yet: they wait here, in their order.
                while (!TryWrite())
                    await Task.Delay(s_again, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        TryWrite();
    }

    /// <summary>Writes what there is room for.</summary>
    /// <returns>True when nothing waits any more.</returns>
    internal bool TryWrite()
    {
        lock (_gate)
        {
            _attachment.Steer((_, channel) =>
            {
                Follow(channel);
                return channel.Write(_waiting);
            });
            return Count(_waiting) == 0;
        }
    }

    /// <summary>The configuration says itself which plan a subscriber has, so none is granted to it.</summary>
    public bool IsNamed(SubscriberId who)
    {
        ConfigSnapshot snapshot = _configuration.Snapshot;
        lock (_gate)
        {
            if (_named is not { } known || !ReferenceEquals(known.Of, snapshot))
            {
                PrefixTable<ushort> table = new();
                foreach (StaticSubscriber one in snapshot.StaticSubscribers)
                    table.Put(one.Prefix, one.Plan);
                _named = known = (snapshot, table);
            }

            return !known.Named.IsEmpty && known.Named.TryFind(who.Kind, who.High, who.Low, out _);
        }
    }

    private bool TryNumber(SubscriberPolicy policy, out ushort number)
    {
        number = 0;
        if (!PolicyWording.TryPut(policy, _configuration.Snapshot, out PolicyRecord record))
            return false;
        lock (_gate)
        {
            int slot = _attachment.Steer((view, channel) =>
            {
                Follow(channel);
                return _slots!.TryTake(record, () => Used(view, channel), out int taken) ? taken + 1 : 0;
            });
            number = PlanNumber.OfSlot(slot - 1);
            return slot != 0;
        }
    }

    // Another forwarder's sections, perhaps: what stands in their table is looked at anew.
    private void Follow(CommandChannel channel)
    {
        if (ReferenceEquals(channel, _channel))
            return;
        _channel = channel;
        _slots = new PolicySlots(channel.Policies);
        if (_waiting.Length == channel.Shards)
            return;
        // What waited for other shards went by numbers that mean nothing any more.
        _waiting = new Queue<ForwarderCommand>[channel.Shards];
        for (int shard = 0; shard < _waiting.Length; shard++)
            _waiting[shard] = [];
    }

    private void Leave(SubscriberId who, in ForwarderCommand command)
    {
        lock (_gate)
        {
            if (_channel is null)
                TryWrite();
            bool isKnown = Places.TryShard(who, out int shard);
            for (int i = 0; i < _waiting.Length; i++)
            {
                // Whose shard nobody has told yet is told to all: those without the subscriber do nothing.
                if (!isKnown || i == shard)
                    _waiting[i].Enqueue(command);
            }
        }

        if (_work.CurrentCount == 0)
            _work.Release();
    }

    // The slots that subscribers have, or commands on their way name. Commands first: one that is carried out meanwhile
    // is found in its subscriber's record.
    private HashSet<int> Used(StateView view, CommandChannel channel)
    {
        HashSet<int> used = [];
        long now = Environment.TickCount64;
        if (now - _scannedAt < s_scanAgain.TotalMilliseconds)
        {
            // Not for each question while all are taken: nothing is given back this time.
            for (int slot = 0; slot < PlanNumber.GrantedMax; slot++)
                used.Add(slot);
            return used;
        }

        _scannedAt = now;
        for (int shard = 0; shard < channel.Shards; shard++)
        {
            foreach (ForwarderCommand command in (IEnumerable<ForwarderCommand>)
                [.. _waiting[shard], .. channel.Waiting(shard)])
            {
                if (command.Kind == CommandKind.SetPlan && PlanNumber.IsGranted(command.Plan))
                    used.Add(PlanNumber.SlotOf(command.Plan));
            }
        }

        foreach (ShardView shard in view.Shards)
        {
            NativeArray<SubscriberRecord> records = shard.Subscribers;
            for (uint i = 1; i < records.Length; i++)
            {
                if (records[i].IsLive && PlanNumber.IsGranted(records[i].Plan))
                    used.Add(PlanNumber.SlotOf(records[i].Plan));
            }
        }

        return used;
    }

    private static int Count(Queue<ForwarderCommand>[] queues)
    {
        int count = 0;
        foreach (Queue<ForwarderCommand> queue in queues)
            count += queue.Count;
        return count;
    }
}
