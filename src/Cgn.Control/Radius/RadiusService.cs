using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Policy;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.State;
using Cgn.Memory.Arenas;
using Cgn.Wire;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Radius;

/// <summary>
/// RADIUS beside a running forwarder: what that tells goes in, and when either process has begun anew, subscribers that
/// are there already are taken up again without anything being taken from them.
/// </summary>
internal sealed class RadiusService : BackgroundService, IEventObserver
{
    // Questions are put again by the forwarder, so the queue may do without them; what else it tells is kept.
    private const int QuestionsMax = 1 << 18;

    // Subscribers that are asked for ahead of those who come new.
    private const int ResumedAtATime = 4096;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly ControlSettings _settings;
    private readonly GatewayAttachment _attachment;
    private readonly PolicyDesk _desk;
    private readonly ConfigurationDesk _configuration;
    private readonly ConcurrentQueue<ForwarderEvent> _told = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly OperatorLog _log;
    private int _resumed;

    public RadiusService(
        ControlSettings settings, GatewayAttachment attachment, PolicyDesk desk, ConfigurationDesk configuration,
        OperatorLog log)
    {
        _log = log;
        _settings = settings;
        _attachment = attachment;
        _desk = desk;
        _configuration = configuration;
    }

    /// <summary>What it drives, once it has started.</summary>
    public RadiusGateway? Gateway { get; private set; }

    private int MaskBits => _settings.Snapshot.Settings.SubscriberMaskV6;

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<ForwarderEvent> events)
    {
        foreach (ref readonly ForwarderEvent told in events)
        {
            bool concerns = told.Kind is EventKind.SubscriberSeen or EventKind.SubscriberGone
                or EventKind.BlockAllocated or EventKind.BlockReleased
                || (told.Kind == EventKind.PolicyWanted && _told.Count < QuestionsMax);
            if (concerns)
                _told.Enqueue(told);
        }

        if (!_told.IsEmpty && _arrived.CurrentCount == 0)
            _arrived.Release();
    }

    /// <inheritdoc/>
    /// <exception cref="SystemRefusedException">A port, a file or a secret can't be had.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        RadiusSettings settings = RadiusSettingsReader.Read(_settings.Options, _settings.Directory.Path, KnowsPlan)
            ?? throw new InvalidOperationException("there is no section radius");
        Gateway = new RadiusGateway(settings, _desk, TimeProvider.System);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (Gateway is not { } gateway)
            return;
        Gateway = null;
        await gateway.CloseAsync().ConfigureAwait(false);
        await gateway.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends it as a kill does: nobody is told anything, and nothing is taken from anybody.</summary>
    internal async Task AbandonAsync()
    {
        await base.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (Gateway is not { } gateway)
            return;
        Gateway = null;
        await gateway.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _arrived.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RadiusGateway gateway = Gateway!;
        var watch = new RadiusWatch(_settings.Options.Radius!, _log);
        await Task.Yield();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                int attachments = _attachment.Attachments;
                if (attachments != _resumed)
                {
                    _resumed = attachments;
                    await ResumeAsync(gateway, stoppingToken).ConfigureAwait(false);
                }

                while (_told.TryDequeue(out ForwarderEvent told))
                    Take(gateway, told);
                watch.Look(gateway, Environment.TickCount64);
                await _arrived.WaitAsync(s_look, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private bool KnowsPlan(string name) =>
        Array.Exists(_configuration.Snapshot.Plans, plan => plan.Name == name);

    private void Take(RadiusGateway gateway, in ForwarderEvent told)
    {
        SubscriberIdentity who = Identity(told.SubscriberKind, told.SubscriberHigh, told.SubscriberLow, MaskBits);
        if (told.Kind == EventKind.SubscriberGone)
        {
            _desk.Places.Remove(who.Key, told.Shard, told.Subscriber);
            gateway.Left(who.Key);
            return;
        }

        _desk.Places.Put(who.Key, told.Shard, told.Subscriber);
        switch (told.Kind)
        {
            case EventKind.PolicyWanted:
                Wanted(gateway, who);
                break;
            case EventKind.SubscriberSeen:
                Seen(gateway, Whole(who), told.Plan);
                break;
            default:
                gateway.PortsChanged(who.Key, Range(told, who));
                break;
        }
    }

    // Who was learnt has its policy already; whoever else is asked for.
    private static void Wanted(RadiusGateway gateway, SubscriberIdentity who)
    {
        if (gateway.Learner?.Repeat(who) is not true)
            gateway.FirstPacket(who);
    }

    private static void Seen(RadiusGateway gateway, SubscriberIdentity who, ushort plan)
    {
        if (!PlanNumber.IsGranted(plan) && gateway.Learner?.Repeat(who) is not true)
            gateway.Served(who);
    }

    // With the B4's whole address, which its record has.
    private SubscriberIdentity Whole(SubscriberIdentity who) =>
        who.Kind == SubscriberKind.DsLite && _desk.Places.TryRead(who.Key, out SubscriberRecord record)
            ? Identity(record.Kind, record.B4High, record.B4Low, MaskBits)
            : who;

    private static SubscriberIdentity Identity(SubscriberKind kind, ulong high, ulong low, int maskBits) =>
        kind == SubscriberKind.DsLite
            ? SubscriberIdentity.DsLite(new Ipv6Address(high, low), maskBits)
            : SubscriberIdentity.Nat444(new Ipv4Address((uint)low));

    private IpPortRange Range(in ForwarderEvent told, SubscriberIdentity who) => new(
        told.Kind == EventKind.BlockAllocated, told.ExternalPort, told.LastPort,
        new Ipv4Address(told.ExternalAddress),
        who.Kind == SubscriberKind.DsLite ? Whole(who).Station : null);

    // All subscribers that there are: those with a session go on, others are asked for, and sessions without a
    // subscriber end.
    private async Task ResumeAsync(RadiusGateway gateway, CancellationToken stopping)
    {
        List<Found> found = _attachment.Read(Live) ?? [];
        _desk.Places.Clear();
        foreach (Found one in found)
            _desk.Places.Put(one.Who(MaskBits).Key, one.Shard, one.Number);
        foreach (Contract.Pools.SubscriberId gone in gateway.Sessions.Keys())
        {
            if (_desk.StandingOf(gone) == SubscriberStanding.Absent)
                gateway.Left(gone);
        }

        foreach (Found one in found)
        {
            SubscriberIdentity who = one.Who(MaskBits);
            if (one.Plan == PlanNumber.Pending)
                Wanted(gateway, who);
            else if (PlanNumber.IsGranted(one.Plan) && gateway.Sessions.Find(who.Key) is null)
                gateway.FirstPacket(who);
            else if (one.IsSeen)
                Seen(gateway, who, one.Plan);
            while (gateway.SubscribersWaiting >= ResumedAtATime)
                await Task.Delay(s_pause, stopping).ConfigureAwait(false);
        }
    }

    private static List<Found> Live(StateView view)
    {
        List<Found> found = [];
        for (int shard = 0; shard < view.Shards.Length; shard++)
        {
            NativeArray<SubscriberRecord> records = view.Shards[shard].Subscribers;
            for (uint number = 1; number < records.Length; number++)
            {
                SubscriberRecord record = records[number];
                if (!record.IsLive)
                    continue;
                bool isSeen = record.CreatedAt != 0 && record.Plan < PlanNumber.ConfiguredMax;
                found.Add(new Found(
                    record.Kind, record.B4High, record.B4Low, shard, number, record.Plan, isSeen));
            }
        }

        return found;
    }

    // A record as it was found; seen where the configuration serves it and it has sent.
    private readonly record struct Found(
        SubscriberKind Kind, ulong High, ulong Low, int Shard, uint Number, ushort Plan, bool IsSeen)
    {
        public SubscriberIdentity Who(int maskBits) => Identity(Kind, High, Low, maskBits);
    }
}
