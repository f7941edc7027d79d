using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Wire;

namespace Cgn.Control.Configuration;

/// <summary>
/// Makes of options without errors what the forwarder follows: names become numbers, defaults that depend on others
/// are set.
/// </summary>
public static class SnapshotCompiler
{
    private const int DefaultPlanRefuses = -1;

    /// <summary>Compiles.</summary>
    /// <param name="options">A configuration in which no errors were found.</param>
    /// <param name="processorCount">Processors of the machine, for <c>workers: auto</c>.</param>
    public static ConfigSnapshot Compile(GatewayOptions options, int processorCount)
    {
        InterfacesSection? interfaces = options.Interfaces;
        return new ConfigSnapshot
        {
            Name = options.Gateway.Name,
            Inside = new InterfaceSettings(
                interfaces?.Inside.Device ?? "", interfaces?.Inside.Driver ?? PortDriver.Auto),
            Outside = new InterfaceSettings(
                interfaces?.Outside.Device ?? "", interfaces?.Outside.Driver ?? PortDriver.Auto),
            WorkerCpus = [.. options.Gateway.Workers.Cpus],
            Settings = Settings(options, processorCount),
            AftrAddresses = [.. (options.DsLite?.AftrAddresses ?? []).Select(Host)],
            SoftwireSources =
            [
                .. (options.DsLite?.SubscriberMatch ?? []).Select(static match => AddressSpace.Setting(match.Prefix)),
            ],
            InnerSources =
            [
                .. ConfigSnapshot.DefaultInnerSources(),
                .. Prefixes(options.DsLite?.InnerSubscriberMatch ?? []),
            ],
            Nat444Sources = Prefixes(options.Nat444?.SubscriberMatch ?? []),
            Pools = [.. options.Pools.Select(Pool)],
            Plans = [.. options.Plans.Select(plan => Plan(options, plan))],
            StaticSubscribers =
            [
                .. options.Subscribers.Static.Select(
                    entry => new StaticSubscriber(entry.Match.Setting, (ushort)PlanNumber(options, entry.Plan))
                    {
                        Pool = PoolNumber(options, entry.Pool),
                    }),
            ],
            PassThrough = [.. options.NatPolicy.PassThrough.Select(Rule)],
            PassThroughBindings = [.. options.NatPolicy.PassThroughBindings.Select(Binding)],
            StaticMappings = [.. options.NatPolicy.StaticMappings.Select(mapping => Mapping(options, mapping))],
            GatewayPorts = AlgCompiler.Ports(options.NatPolicy),
            InsideDeny = AccessListCompiler.Rules(options.AccessLists.InsideDeny),
            OutsideDeny = AccessListCompiler.Rules(options.AccessLists.OutsideDeny),
            WalledGarden = WalledGardenCompiler.Of(options.WalledGarden),
            UdpPortTimeouts =
            [
                .. options.NatPolicy.Timers.PerPortTimeouts.Select(
                    static entry => new UdpPortTimeout((ushort)entry.PortNumber, entry.Timeout.Ticks)),
            ],
        };
    }

    private static GatewaySettings Settings(GatewayOptions options, int processorCount)
    {
        GatewaySection gateway = options.Gateway;
        NatPolicySection policy = options.NatPolicy;
        int insideMtu = options.Interfaces?.Inside.Mtu ?? new InsideInterfaceSection().Mtu;
        var settings = new GatewaySettings
        {
            Seed = gateway.Seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            ShardCount = gateway.Workers.CountOn(processorCount),
            SubscriberCapacity = gateway.Capacity.Subscribers,
            MappingCapacity = gateway.Capacity.Mappings,
            SessionCapacity = gateway.Capacity.Sessions,
            InsideMtu = insideMtu,
            OutsideMtu = options.Interfaces?.Outside.Mtu ?? new OutsideInterfaceSection().Mtu,
            TunnelMtu = options.DsLite?.TunnelMtu ?? insideMtu,
            MappingType = policy.MappingType,
            FilteringType = policy.FilteringType,
            TcpFilteringType = policy.TcpFilteringType,
            UnsolicitedSyn = policy.UnsolicitedSyn,
            TcpWithoutSession = policy.TcpWithoutSession,
            RstOnTimeout = policy.RstOnTimeout,
            TcpKeepaliveProbe = policy.TcpKeepaliveProbe,
            Paired = policy.AddressAllocation != AddressAllocation.Arbitrary,
            SoftPaired = policy.AddressAllocation == AddressAllocation.SoftPaired,
            PortParity = policy.PortParity,
            PortContiguity = policy.PortContiguity,
            PortsInOrder = !policy.PortRandomization,
            HoldDownExceptions = Exceptions(policy.HoldDownExceptions),
            BlockInterimSeconds = (uint)(options.Logging.BlockInterimInterval.Ms / 1000),
            PortAllocation = policy.PortAllocation,
            Hairpinning = policy.Hairpinning,
            PortPreservation = policy.PortPreservation,
            MssClamp = policy.TcpMssClamp,
            OtherProtocols = policy.OtherProtocols,
            IpOptions = policy.IpOptions,
            InboundRefresh = policy.InboundRefresh,
            SessionsPerMapping = policy.SessionsPerMapping,
            Limits = InstanceLimitCompiler.Of(policy),
            DefaultPlan = options.Subscribers.DefaultPlan is { } plan ? PlanNumber(options, plan) : DefaultPlanRefuses,
            AsksUnknown = RadiusSection.AsksUnknown(options),
            SessionLogging = options.Logging.Sessions,
            DestinationLogging = options.Logging.Destinations,
            OutsideBogonFilter = options.AccessLists.OutsideBogonFilter,
            SharedSpaceOutside = options.AccessLists.SharedSpaceOutside,
            OnOverflow = options.Logging.OnOverflow,
        };
        if (options.DsLite is { } dsLite)
        {
            settings.SubscriberMaskV6 = dsLite.SubscriberMaskV6;
            settings.TrafficClass = dsLite.TrafficClass;
            settings.DfPolicy = dsLite.DfPolicy;
            settings.Fragmentation = dsLite.Fragmentation;
            settings.ReassemblyLimit = dsLite.ReassemblyLimit;
            settings.SoftwireHopLimit = (byte)dsLite.HopLimit;
            settings.EncapsulationLimit = dsLite.EncapsulationLimit;
            settings.FlowLabels = dsLite.FlowLabels;
            settings.EcnCopy = dsLite.EcnCopy;
            settings.DownstreamDscp = dsLite.DownstreamDscp;
            settings.B4ChangeLimit = dsLite.B4AddressChangeLimit.Ticks;
        }

        settings.Protocols = Protocols(policy.Protocols);
        Timers(ref settings, policy.Timers);
        settings.Pcp = Pcp(options.Pcp);
        Icmp(ref settings, options.Icmp);
        settings.Thresholds = ThresholdCompiler.Of(options.Thresholds);
        return settings;
    }

    private static PcpSettings Pcp(PcpSection pcp) => new()
    {
        Enabled = pcp.Enabled,
        Map = pcp.Map,
        Peer = pcp.Peer,
        LifetimeMin = (uint)(pcp.LifetimeMin.Ms / 1000),
        LifetimeMax = (uint)(pcp.LifetimeMax.Ms / 1000),
        MappingsMax = pcp.MappingsPerSubscriber,
        RequestsPerSecond = (int)pcp.RequestsPerSecond.PerSecond,
    };

    private static ProtocolRules Protocols(ProtocolsSection protocols) => new()
    {
        CarriesUdpLite = protocols.UdpLite == PortProtocolRule.Ports,
        CarriesDccp = protocols.Dccp == PortProtocolRule.Ports,
        Sctp = protocols.Sctp,
        Gre = protocols.Gre,
        Esp = protocols.Esp,
        Ah = protocols.Ah,
        IpInIp = protocols.IpInIp,
    };

    private static void Icmp(ref GatewaySettings settings, IcmpSection icmp)
    {
        settings.IcmpErrorsPerSecond = (int)icmp.ErrorsPerSecond.PerSecond;
        settings.Icmpv6ErrorsPerSecond = (int)icmp.ErrorsPerSecondV6.PerSecond;
        settings.IcmpErrorsInside = icmp.ErrorsInside;
        settings.IcmpErrorsOutside = icmp.ErrorsOutside;
        settings.OutsideAddress = icmp.SourceOutside?.Address.Value ?? 0;
        settings.InsideAddress = icmp.SourceInside?.Address.Value ?? 0;
        settings.IcmpDscp = icmp.Dscp;
        settings.ExhaustionAnswer = icmp.ExhaustionAnswer;
        settings.PoolPing = icmp.PoolPing == PoolPing.Reply;
        settings.VerifyQuotedHeader = icmp.VerifyEmbeddedChecksum;
        settings.OutboundMtuMin = icmp.OutboundMtuMin;
    }

    private static HoldDownExceptions Exceptions(IReadOnlyList<HoldDownException> exceptions) =>
        exceptions.Aggregate(HoldDownExceptions.None, static (all, one) => all | (HoldDownExceptions)(1 << (int)one));

    private static void Timers(ref GatewaySettings settings, TimersSection timers)
    {
        settings.UdpTimeout = timers.UdpTimeout.Ticks;
        settings.TcpIdleTimeout = timers.TcpIdleTimeout.Ticks;
        settings.TcpTransOpenTimeout = timers.TcpTransOpenTimeout.Ticks;
        settings.TcpTransCloseTimeout = timers.TcpTransCloseTimeout.Ticks;
        settings.TcpRstTimeout = timers.TcpRstTimeout.Ticks;
        settings.TcpInSynTimeout = timers.TcpInSynTimeout.Ticks;
        settings.IcmpTimeout = timers.IcmpTimeout.Ticks;
        settings.AddressOnlyTimeout = timers.AddressOnlyTimeout.Ticks;
        settings.DccpIdleTimeout = timers.DccpIdleTimeout.Ticks;
        settings.DccpTransTimeout = timers.DccpTransTimeout.Ticks;
        settings.FragmentTimeout = timers.FragmentTimeout.Ticks;
        settings.PinholeTimeout = timers.PinholeTimeout.Ticks;
        settings.HoldDownTimeout = timers.HoldDownTimeout.Ticks;
        settings.HoldDownAfterLoss = timers.HoldDownAfterLoss.Ticks;
    }

    private static Ipv6PrefixSetting Host(Ipv6AddressValue value) =>
        new(value.Address.High, value.Address.Low, Ipv6Prefix.LengthMax);

    private static Ipv4PrefixSetting[] Prefixes(IReadOnlyList<Ipv4PrefixValue> prefixes) =>
        [.. prefixes.Select(static prefix => AddressSpace.Setting(prefix.Prefix))];

    private static PoolSettings Pool(PoolSection pool) => new(
        pool.Id, Prefixes(pool.Prefixes), pool.PortRange.First, pool.PortRange.Last,
        pool.PortSetSize, pool.PortSetTimeout.Ticks)
    {
        InitialPortSetSize = pool.InitialPortSetSize ?? 0,
        PortSetActiveTimeout = pool.PortSetActiveTimeout.Ticks,
        HoldDownMax = pool.HoldDownMax,
        ReservedPorts = Ports(pool.ReservedPorts),
        Match = [.. pool.Match.Select(static match => match.Setting)],
        Drain = pool.Drain ? Prefixes(pool.Prefixes) : Prefixes(pool.DrainPrefixes),
        DynamicFactor = pool.DynamicPoolFactor,
        PortsMax = pool.MaxPortsPerSubscriber,
    };

    private static PlanSettings Plan(GatewayOptions options, PlanSection plan) => new(
        plan.Id, plan.RateDown.BitsPerSecond, plan.RateUp.BitsPerSecond,
        plan.MaxPortSets, plan.ConnectionLimit, plan.ConnectionRateLimit.PerSecond)
    {
        Gateways = AlgCompiler.Of(plan, options.NatPolicy),
        WalledGarden = plan.WalledGarden,
        PortThreshold = plan.PortThreshold,
        SessionThreshold = plan.ConnectionThreshold,
        BurstMs = (int)plan.Burst.Ms,
        Pool = PoolNumber(options, plan.Pool),
        PortLimit = plan.PortLimit,
        PortQuotaTcp = plan.PortQuota.Tcp,
        PortQuotaUdp = plan.PortQuota.Udp,
        PortQuotaIcmp = plan.PortQuota.Icmp,
        PortQuotaOther = plan.PortQuota.Other,
        MappingLimit = plan.MappingLimit,
        ConnectionRateBurst = plan.ConnectionRateBurst ?? 0,
        ReservedPorts = Ports(plan.ReservedPorts),
    };

    // Ascending, and what overlaps or touches made one.
    private static PortRangeSetting[] Ports(IReadOnlyList<PortSpan> spans)
    {
        List<PortRangeSetting> ports = [];
        foreach (PortSpan span in spans.OrderBy(static span => span.First))
        {
            if (ports.Count != 0 && span.First <= ports[^1].Last + 1)
                ports[^1] = ports[^1] with { Last = Math.Max(ports[^1].Last, span.Last) };
            else
                ports.Add(new PortRangeSetting(span.First, span.Last));
        }

        return ports.Count == 0 ? [] : [.. ports];
    }

    private static PassThroughRule Rule(PassThroughSection rule) => new(
        AddressSpace.Setting(rule.Prefix.Prefix), rule.Protocol is { } protocol ? Number(protocol) : (byte)0,
        (ushort)(rule.Port ?? 0));

    private static PassThroughBinding Binding(PassThroughBindingSection binding) => new(
        AddressSpace.Setting(binding.Prefix.Prefix), binding.B4.Address.High, binding.B4.Address.Low);

    private static int PlanNumber(GatewayOptions options, string id)
    {
        for (int i = 0; i < options.Plans.Count; i++)
        {
            if (options.Plans[i].Id == id)
                return i;
        }

        throw new ArgumentException($"'{id}' is no plan: the options were not checked", nameof(id));
    }

    private static int PoolNumber(GatewayOptions options, string? id) =>
        options.Pools.Select(static pool => pool.Id).ToList().IndexOf(id ?? "");

    /// <summary>A static mapping, by its place in or beside the file.</summary>
    internal static StaticMapping Mapping(GatewayOptions options, StaticMappingSection mapping)
    {
        SubscriberMatch who = mapping.Subscriber;
        Ipv6Address key = who.IsIpv6
            ? new Ipv6Address(who.High, who.Low).Mask(options.DsLite!.SubscriberMaskV6)
            : new Ipv6Address(0, who.Low);
        return new StaticMapping(
            key.High, key.Low, who.IsIpv6, Number(mapping.Protocol),
            mapping.Internal.Address.Value, mapping.Internal.Port,
            mapping.External.Address.Value, mapping.External.Port);
    }

    private static byte Number(StaticProtocol protocol) => protocol switch
    {
        StaticProtocol.Tcp => (byte)IpProtocol.Tcp,
        StaticProtocol.Udp => (byte)IpProtocol.Udp,
        _ => (byte)IpProtocol.Icmp,
    };
}
