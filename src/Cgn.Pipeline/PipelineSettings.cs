using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Nat;
using Cgn.Pipeline.Garden;
using Cgn.Softwire;

namespace Cgn.Pipeline;

/// <summary>What the stages read of a snapshot, worked out once.</summary>
public sealed class PipelineSettings
{
    /// <summary>Address of the softwires' AFTR end, 192.0.0.1 (RFC 6333 5.7).</summary>
    public const uint WellKnownAftr = 0xC0000001;

    private readonly Ipv6PrefixSetting _firstAftr;
    private readonly SoftwireForm _softwireForm;

    /// <summary>Works them out.</summary>
    public PipelineSettings(ConfigSnapshot snapshot, PoolTable pools)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(pools);
        GatewaySettings settings = snapshot.Settings;
        Snapshot = snapshot;
        Pcp = settings.Pcp;
        ShardCount = settings.ShardCount;
        Seed = settings.Seed;
        AftrAddresses = snapshot.AftrAddresses;
        _firstAftr = AftrAddresses.Length == 0 ? default : AftrAddresses[0];
        KeyMaskHigh = settings.SubscriberMaskV6 >= 64 ? ulong.MaxValue
            : ulong.MaxValue << (64 - settings.SubscriberMaskV6);
        KeyMaskLow = settings.SubscriberMaskV6 <= 64 ? 0 : ulong.MaxValue << (128 - settings.SubscriberMaskV6);
        PassThrough = new PassThrough(snapshot, KeyMaskHigh, KeyMaskLow);
        OutsideMtu = settings.OutsideMtu;
        TunnelMtu = settings.TunnelMtu;
        _softwireForm = Form(settings);
        HasUsualForm = _softwireForm.IsUsual;
        InnerMtu = settings.TunnelMtu - _softwireForm.HeaderBytes;
        InsideMtu = settings.InsideMtu;
        TrafficClass = settings.TrafficClass;
        DfPolicy = settings.DfPolicy;
        Fragmentation = settings.Fragmentation;
        IpOptions = settings.IpOptions;
        Hairpinning = settings.Hairpinning;
        UnsolicitedSyn = settings.UnsolicitedSyn;
        TcpInSynTimeout = settings.TcpInSynTimeout;
        ResetsUnknownTcp = settings.TcpWithoutSession == TcpWithoutSession.Rst;
        // MSS counts payload behind 20 bytes of IPv4 and 20 of TCP (RFC 9293 3.7.1).
        MssDsLite = Mss(settings.MssClamp, Math.Min(InnerMtu, OutsideMtu));
        MssNat444 = Mss(settings.MssClamp, Math.Min(InsideMtu, OutsideMtu));
        OutsideAddress = settings.OutsideAddress != 0 ? settings.OutsideAddress
            : snapshot.Pools.Length != 0 ? FirstAddress(snapshot.Pools[0]) : 0;
        InsideAddress = settings.InsideAddress != 0 ? settings.InsideAddress : WellKnownAftr;
        Icmp = new IcmpPolicy(settings);
        Garden = new GardenPortal(snapshot);
    }

    /// <summary>The PCP server.</summary>
    public PcpSettings Pcp { get; }

    /// <summary>What it was worked out from.</summary>
    public ConfigSnapshot Snapshot { get; }

    /// <summary>Shards.</summary>
    public int ShardCount { get; }

    /// <summary>Seed of everything that is chosen by chance.</summary>
    public ulong Seed { get; }

    /// <summary>Addresses that softwires end at.</summary>
    public Ipv6PrefixSetting[] AftrAddresses { get; }

    /// <summary>The first of them, which nearly all softwires end at; all zeros where there is none.</summary>
    public ref readonly Ipv6PrefixSetting FirstAftr => ref _firstAftr;

    /// <summary>Bits of a B4's address that name the subscriber, upper half.</summary>
    public ulong KeyMaskHigh { get; }

    /// <summary>The same, lower half.</summary>
    public ulong KeyMaskLow { get; }

    /// <summary>What is forwarded untranslated.</summary>
    public PassThrough PassThrough { get; }

    /// <summary>Largest IPv4 packet that leaves outside, in bytes.</summary>
    public int OutsideMtu { get; }

    /// <summary>Largest softwire packet, in bytes with its outer header.</summary>
    public int TunnelMtu { get; }

    /// <summary>Largest IPv4 packet that a softwire takes whole.</summary>
    public int InnerMtu { get; }

    /// <summary>Largest IPv4 packet that leaves towards a NAT444 customer.</summary>
    public int InsideMtu { get; }

    /// <summary>DSCP of softwire packets, or -1 to copy the inner one.</summary>
    public int TrafficClass { get; }

    /// <summary>How the outer header of softwire packets is written.</summary>
    public ref readonly SoftwireForm SoftwireForm => ref _softwireForm;

    /// <summary>It is written in the usual form.</summary>
    public bool HasUsualForm { get; }

    /// <summary>Which header fragments packets too large for their softwire.</summary>
    public FragmentationMode Fragmentation { get; }

    /// <summary>What becomes of IPv4 packets with options.</summary>
    public IpOptionsPolicy IpOptions { get; }

    /// <summary>What becomes of packets too big that may not be fragmented.</summary>
    public DfPolicy DfPolicy { get; }

    /// <summary>Subscribers reach each other through their external addresses.</summary>
    public bool Hairpinning { get; }

    /// <summary>What becomes of SYNs from outside that nothing admits.</summary>
    public UnsolicitedSyn UnsolicitedSyn { get; }

    /// <summary>How long they are not answered, in ticks.</summary>
    public uint TcpInSynTimeout { get; }

    /// <summary>TCP segments from inside that belong to no connection are answered with a RST.</summary>
    public bool ResetsUnknownTcp { get; }

    /// <summary>MSS that SYNs of softwires are lowered to; 0 for none.</summary>
    public ushort MssDsLite { get; }

    /// <summary>MSS that SYNs of NAT444 customers are lowered to; 0 for none.</summary>
    public ushort MssNat444 { get; }

    /// <summary>Source of our ICMP errors towards the outside.</summary>
    public uint OutsideAddress { get; }

    /// <summary>Source of our ICMP errors towards NAT444 customers.</summary>
    public uint InsideAddress { get; }

    /// <summary>What is told by ICMP, and what is believed of it.</summary>
    public IcmpPolicy Icmp { get; }

    /// <summary>Where web requests from the walled garden are sent.</summary>
    public GardenPortal Garden { get; }

    /// <summary>MSS that SYNs to and from a kind of subscriber are lowered to; 0 for none.</summary>
    public ushort MssFor(SubscriberKind kind) => kind == SubscriberKind.DsLite ? MssDsLite : MssNat444;

    private static SoftwireForm Form(in GatewaySettings settings) => new()
    {
        TrafficClass = settings.TrafficClass,
        HopLimit = settings.SoftwireHopLimit,
        EncapsulationLimit = settings.EncapsulationLimit,
        LabelsFlows = settings.FlowLabels,
        CopiesEcn = settings.EcnCopy,
        InnerDscp = settings.DownstreamDscp,
    };

    private static ushort Mss(int setting, int mtu) => setting switch
    {
        0 => 0,
        < 0 => (ushort)Math.Clamp(mtu - 40, 0, ushort.MaxValue),
        _ => (ushort)setting,
    };

    private static uint FirstAddress(PoolSettings pool) =>
        pool.Prefixes.Length == 0 ? 0 : pool.Prefixes[0].Address + (pool.Prefixes[0].Length < 31 ? 1u : 0u);
}
