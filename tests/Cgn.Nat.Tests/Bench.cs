using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;
using Cgn.Wire;

namespace Cgn.Nat.Tests;

/// <summary>One shard over private memory with a clock of its own, spoken to in packets' terms.</summary>
internal sealed class Bench : IDisposable
{
    internal const byte Tcp = (byte)IpProtocol.Tcp;
    internal const byte Udp = (byte)IpProtocol.Udp;
    internal const byte Icmp = (byte)IpProtocol.Icmp;
    internal const byte Gre = (byte)IpProtocol.Gre;
    internal const uint Pool = 0xCB007100;
    internal const uint Web = 0xC6336401;
    internal const uint Dns = 0xC6336435;
    internal const uint Host = 0xC0A80102;
    internal const uint OtherHost = 0xC0A80103;

    private readonly Arena _arena;
    private readonly bool _ownsArena;

    internal Bench(
        ConfigSnapshot? snapshot = null, Arena? arena = null, int ringEntries = 1024, long nowNs = 0,
        bool isSuspect = false)
    {
        Snapshot = snapshot ?? Config();
        _ownsArena = arena is null;
        _arena = arena ?? Arena.Private();
        NowNs = nowNs;
        Pools = new PoolTable(Snapshot);
        Counters = new CounterBlock(_arena.Take("counters", CounterBlock.SizeBytes));
        Events = new SpscRing<ForwarderEvent>(
            _arena.Take("events", SpscRing<ForwarderEvent>.BytesFor(ringEntries)), ringEntries);
        Policies = new PolicyTable(_arena.Take("policies", PolicyTable.SizeBytes));
        Shard = new NatShard(0, 1, _arena, Snapshot, Pools, Counters, Events, Now, Policies, isSuspect);
    }

    internal ConfigSnapshot Snapshot { get; private set; }

    internal PoolTable Pools { get; private set; }

    internal CounterBlock Counters { get; }

    internal SpscRing<ForwarderEvent> Events { get; }

    internal PolicyTable Policies { get; }

    internal NatShard Shard { get; }

    internal long NowNs { get; private set; }

    internal DropReason Refusal { get; private set; }

    internal WorkerTime Now => new(NowNs, 1_700_000_000_000 + (NowNs / 1_000_000));

    internal uint Tick => Now.Tick;

    /// <summary>Four addresses, blocks of 64 ports from 1024, one plan without limits but four blocks.</summary>
    internal static ConfigSnapshot Config(
        Func<GatewaySettings, GatewaySettings>? settings = null, PlanSettings? plan = null, byte prefix = 30,
        int blockSize = 64, ushort lastPort = 65535, StaticMapping[]? statics = null, PoolSettings[]? pools = null)
    {
        GatewaySettings made = new()
        {
            DefaultPlan = 0,
            SubscriberCapacity = 2000,
            MappingCapacity = 20000,
            SessionCapacity = 40000,
        };
        return new ConfigSnapshot
        {
            Settings = settings is null ? made : settings(made),
            Plans = [plan ?? new PlanSettings("home", 0, 0, 4, 0, 0)],
            Pools = pools ?? [PoolOf(prefix, blockSize, lastPort)],
            StaticMappings = statics ?? [],
        };
    }

    internal static PoolSettings PoolOf(byte prefix, int blockSize = 64, ushort lastPort = 65535) =>
        new("metro", [new Ipv4PrefixSetting(Pool, prefix)], 1024, lastPort, blockSize, 1200);

    internal static SubscriberKey Home(int number) =>
        new(0x20010DB8_01000000 + ((ulong)number << 8), 0, SubscriberKind.DsLite);

    internal static SubscriberKey Customer(int number) => new(0, 0x64400000u + (uint)number, SubscriberKind.Nat444);

    internal static FlowKey Flow(byte protocol, uint address, ushort port, uint remote, ushort remotePort) => new()
    {
        Protocol = protocol,
        InternalAddress = address,
        InternalPort = port,
        RemoteAddress = remote,
        RemotePort = remotePort,
    };

    internal static TcpSegment Segment(
        TcpFlags flags, uint sequence = 1000, uint acknowledgment = 0, int length = 0) => new()
        {
            Flags = (byte)flags,
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            PayloadLength = length,
            Window = 8192,
            WindowScale = TcpSegment.NoWindowScale,
        };

    internal void Wait(double seconds) => NowNs += (long)(seconds * 1e9);

    internal void Sweep()
    {
        // Notices are read by nobody here.
        do
        {
            Shard.ClearNotices();
            Shard.Sweep(Now, int.MaxValue);
        }
        while (Shard.Notices.Length > 60);
    }

    /// <summary>An outbound packet: its session, or 0 and <see cref="Refusal"/>.</summary>
    internal uint Out(
        SubscriberKey key, byte protocol, uint address, ushort port, uint remote = Web, ushort remotePort = 80,
        TcpFlags flags = TcpFlags.Syn, ulong b4 = 1)
    {
        FlowKey flow = Flow(protocol, address, port, remote, remotePort);
        ulong hash = Shard.OutboundHash(key, flow);
        Refusal = DropReason.None;
        uint session = Shard.FindOutbound(hash, key, flow, Tick);
        if (session == 0)
        {
            bool isHome = key.Kind == SubscriberKind.DsLite;
            session = Shard.CreateOutbound(
                hash, key, key.High, isHome ? key.Low | b4 : key.Low, 0, flow, Segment(flags), Now, out DropReason why);
            Refusal = why;
        }
        else if (protocol == Tcp)
        {
            TcpTracker.Observe(ref Shard.Session(session), true, Segment(flags), Tick);
        }

        if (session != 0)
            Shard.TouchOutbound(ref Shard.Session(session), Tick);
        return session;
    }

    /// <summary>An inbound packet to an external endpoint: its session, or 0 and <see cref="Refusal"/>.</summary>
    internal uint In(
        byte protocol, uint external, ushort port, uint remote = Web, ushort remotePort = 80,
        TcpFlags flags = TcpFlags.Syn)
    {
        FlowKey flow = Flow(protocol, external, port, remote, remotePort);
        ulong hash = Shard.InboundHash(flow);
        Refusal = DropReason.None;
        uint session = Shard.FindInbound(hash, flow, Tick);
        if (session == 0)
        {
            session = Shard.CreateInbound(hash, flow, Segment(flags), Now, out DropReason why);
            Refusal = why;
        }
        else if (protocol == Tcp)
        {
            TcpTracker.Observe(ref Shard.Session(session), false, Segment(flags), Tick);
        }

        if (session != 0)
            Shard.TouchInbound(ref Shard.Session(session), Tick);
        return session;
    }

    /// <summary>Opens a mapping by one packet and gives its external endpoint.</summary>
    internal (uint Address, ushort Port) External(
        SubscriberKey key, byte protocol, uint address, ushort port, uint remote = Web, ushort remotePort = 80)
    {
        uint session = Out(key, protocol, address, port, remote, remotePort);
        if (session == 0)
            throw new InvalidOperationException($"refused: {Refusal}");
        return (Shard.Session(session).ExternalAddress, Shard.Session(session).ExternalPort);
    }

    internal void Apply(ConfigSnapshot next)
    {
        Sweep();
        Snapshot = next;
        Pools = new PoolTable(next, Pools);
        Shard.Apply(next, Pools);
    }

    /// <summary>Takes the events that wait.</summary>
    internal List<ForwarderEvent> TakeEvents()
    {
        ForwarderEvent[] all = new ForwarderEvent[Events.Capacity];
        return [.. all.AsSpan(0, Events.Read(all))];
    }

    public void Dispose()
    {
        Shard.Dispose();
        if (_ownsArena)
            _arena.Dispose();
    }
}
