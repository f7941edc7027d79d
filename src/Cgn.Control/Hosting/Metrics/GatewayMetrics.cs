using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Control.State;

using Prometheus;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>
/// The families that come from the forwarder's counters and records. Series of all labels are there from the start,
/// with
/// zero, so that rates and alerts work from the first event on.
/// </summary>
internal static class GatewayMetrics
{
    /// <summary>How often thresholds were crossed, by resource.</summary>
    public const string ThresholdFamily = "cgn_thresholds_crossed_total";

    /// <summary>What it says of itself.</summary>
    public const string ThresholdHelp = "Times that a resource was used beyond its threshold.";

    private static readonly string[] s_protocols = ["udp", "tcp", "icmp", "other"];

    /// <summary>Makes all families for a gateway.</summary>
    public static MetricFamilies<GatewaySample> Create(MetricFactory factory, ConfigSnapshot snapshot)
    {
        var families = new MetricFamilies<GatewaySample>(factory);
        Traffic(families);
        Drops(families);
        Tables(families);
        Blocks(families);
        Fragments(families);
        Thresholds(families);
        WorkerMetrics.Add(families, factory, snapshot.Settings.ShardCount);
        return families;
    }

    private static Func<GatewaySample, double> Sum(CounterId id) => sample => sample.View.Sum(id);

    private static void Traffic(MetricFamilies<GatewaySample> families)
    {
        families.Counter(
            "cgn_packets_total", "IPv4 packets carried, by direction and kind of access.", "direction", "access")
            .Series(Sum(CounterId.OutboundPacketsDsLite), "outbound", "ds-lite")
            .Series(Sum(CounterId.OutboundPacketsNat444), "outbound", "nat444")
            .Series(Sum(CounterId.InboundPacketsDsLite), "inbound", "ds-lite")
            .Series(Sum(CounterId.InboundPacketsNat444), "inbound", "nat444");
        families.Counter(
            "cgn_bytes_total", "Bytes of IPv4 carried, headers included, by direction and kind of access.",
            "direction", "access")
            .Series(Sum(CounterId.OutboundBytesDsLite), "outbound", "ds-lite")
            .Series(Sum(CounterId.OutboundBytesNat444), "outbound", "nat444")
            .Series(Sum(CounterId.InboundBytesDsLite), "inbound", "ds-lite")
            .Series(Sum(CounterId.InboundBytesNat444), "inbound", "nat444");
        families.Counter(
            "cgn_hairpin_packets_total", "Packets from subscriber to subscriber, counted in both directions too.")
            .Series(Sum(CounterId.HairpinPackets));
        families.Counter(
            "cgn_untranslated_packets_total", "Packets carried untranslated, counted as outbound or inbound too.")
            .Series(Sum(CounterId.UntranslatedPackets));
        families.Counter("cgn_frames_total", "Frames, by what became of them.", "outcome")
            .Series(Sum(CounterId.Received), "received")
            .Series(Sum(CounterId.Transmitted), "transmitted")
            .Series(Sum(CounterId.Originated), "originated")
            .Series(Sum(CounterId.Consumed), "consumed")
            .Series(Sum(CounterId.Dropped), "dropped")
            .Series(Sum(CounterId.Split), "split")
            .Series(Sum(CounterId.Merged), "merged");
        families.Gauge("cgn_frames_held", "Frames that wait: fragments for the rest, unadmitted SYNs for their time.")
            .Series(Sum(CounterId.Held));
        families.Counter("cgn_mss_clamped_total", "TCP SYNs whose maximum segment size was lowered.")
            .Series(Sum(CounterId.MssClamped));
        families.Counter("cgn_tcp_options_malformed_total", "TCP SYNs whose list of options is malformed.")
            .Series(Sum(CounterId.TcpOptionsMalformed));
        families.Counter(
            "cgn_icmp_suppressed_total", "ICMP errors and replies that were not sent, for the limit on them.")
            .Series(Sum(CounterId.IcmpSuppressed));
        families.Counter("cgn_icmp_errors_carried_total", "ICMP errors carried, in either direction.")
            .Series(Sum(CounterId.IcmpErrorsCarried));
        families.Counter(
            "cgn_softwire_errors_relayed_total",
            "ICMPv6 errors about softwire packets that became ICMP errors to the senders of what was in them.")
            .Series(Sum(CounterId.SoftwireErrorsRelayed));
        families.Counter("cgn_gateway_rewrites_total", "Packets whose payload an application gateway has changed.")
            .Series(Sum(CounterId.GatewayRewrites));
        families.Counter("cgn_gateway_pinholes_total", "Endpoints that an application gateway has made reachable.")
            .Series(Sum(CounterId.GatewayPinholes));
        families.Counter("cgn_gateway_pinholes_refused_total", "Endpoints that it could not make reachable.")
            .Series(Sum(CounterId.GatewayPinholesRefused));
        families.Counter("cgn_gateway_unread_total", "Packets of gateways' sessions that they could not read.")
            .Series(Sum(CounterId.GatewayUnread));
        families.Counter(
            "cgn_garden_redirects_total", "Web requests from the walled garden that were redirected to the portal.")
            .Series(Sum(CounterId.GardenRedirects));
        families.Counter(
            "cgn_garden_suppressed_total",
            "TCP segments from the walled garden left unanswered, for the limit on answers.")
            .Series(Sum(CounterId.GardenSuppressed));
        families.Counter("cgn_path_mtu_lowered_total", "Times that the path MTU towards a B4 was lowered.")
            .Series(Sum(CounterId.PathMtuLowered));
    }

    private static void Drops(MetricFamilies<GatewaySample> families)
    {
        families.Counter("cgn_drops_total", "Packets dropped, by reason.", "reason");
        foreach (DropReason reason in DropReasonText.All)
            families.Series(sample => sample.Drops(reason), DropReasonText.Name(reason));
        (string Kind, DropReason Reason)[] limits =
        [
            ("port_blocks", DropReason.BlockLimit), ("sessions", DropReason.SessionLimit),
            ("session_rate", DropReason.SetupRateLimit), ("mapping_sessions", DropReason.MappingSessionLimit),
            ("rate_up", DropReason.RateLimitUp), ("rate_down", DropReason.RateLimitDown),
            ("fragments", DropReason.FragmentLimit), ("subscriber_table", DropReason.SubscribersFull),
            ("mapping_table", DropReason.MappingsFull), ("session_table", DropReason.SessionsFull),
            ("ports", DropReason.PortLimit), ("mappings", DropReason.MappingLimit),
            ("instance", DropReason.InstanceLimit),
        ];
        families.Counter("cgn_limit_hits_total", "Packets that met a limit, by kind of limit.", "kind");
        foreach ((string kind, DropReason reason) in limits)
            families.Series(sample => sample.Drops(reason), kind);
    }

    private static void Thresholds(MetricFamilies<GatewaySample> families)
    {
        families.Counter(ThresholdFamily, ThresholdHelp, "resource")
            .Series(Sum(CounterId.ThresholdsSubscribers), "subscribers")
            .Series(Sum(CounterId.ThresholdsMappings), "mappings")
            .Series(Sum(CounterId.ThresholdsSessions), "sessions")
            .Series(Sum(CounterId.ThresholdsPortBlocks), "port_blocks")
            .Series(Sum(CounterId.ThresholdsReassembly), "reassembly")
            .Series(Sum(CounterId.ThresholdsFragments), "fragments")
            .Series(Sum(CounterId.ThresholdsSubscriberPorts), "subscriber_ports")
            .Series(Sum(CounterId.ThresholdsSubscriberSessions), "subscriber_sessions");
    }

    private static void Tables(MetricFamilies<GatewaySample> families)
    {
        Table(families, "sessions", CounterId.SessionsCreatedUdp, CounterId.SessionsExpiredUdp);
        Table(families, "mappings", CounterId.MappingsCreatedUdp, CounterId.MappingsExpiredUdp);
        families.Gauge("cgn_mappings_held", "Mappings that have ended and whose ports are not given out yet.")
            .Series(Sum(CounterId.MappingsHeld));
        families.Gauge("cgn_subscribers", "Subscribers that the gateway has state for.")
            .Series(Sum(CounterId.Subscribers));
        families.Gauge("cgn_active_softwires", "B4s that the gateway has state for.")
            .Series(Sum(CounterId.Softwires));
        families.Gauge("cgn_capacity", "What fits, by kind of record.", "records")
            .Series(static sample => sample.View.Snapshot.Settings.SubscriberCapacity, "subscribers")
            .Series(static sample => sample.View.Snapshot.Settings.MappingCapacity, "mappings")
            .Series(static sample => sample.View.Snapshot.Settings.SessionCapacity, "sessions");
    }

    // The four protocols follow each other in the counters, in the order of the labels.
    private static void Table(MetricFamilies<GatewaySample> families, string what, CounterId created, CounterId expired)
    {
        families.Counter($"cgn_{what}_created_total", $"New {what}, by protocol.", "protocol");
        for (int i = 0; i < s_protocols.Length; i++)
            families.Series(Sum(created + i), s_protocols[i]);
        families.Counter($"cgn_{what}_expired_total", $"Ended {what}, by protocol.", "protocol");
        for (int i = 0; i < s_protocols.Length; i++)
            families.Series(Sum(expired + i), s_protocols[i]);
        families.Gauge($"cgn_{what}", $"Current {what}, by protocol.", "protocol");
        for (int i = 0; i < s_protocols.Length; i++)
        {
            CounterId begun = created + i;
            CounterId ended = expired + i;
            families.Series(sample => sample.View.Sum(begun) - sample.View.Sum(ended), s_protocols[i]);
        }
    }

    private static void Blocks(MetricFamilies<GatewaySample> families)
    {
        families.Counter("cgn_port_blocks_allocated_total", "Port blocks given out.")
            .Series(Sum(CounterId.BlocksAllocated));
        families.Counter("cgn_port_blocks_released_total", "Port blocks taken back.")
            .Series(Sum(CounterId.BlocksReleased));
        families.Counter("cgn_port_blocks_exhausted_total", "Times that no port block was free.")
            .Series(Sum(CounterId.BlocksExhausted));
        families.Gauge("cgn_port_blocks", "Port blocks, by state.", "state")
            .Series(static sample => sample.Blocks.Used, "used")
            .Series(static sample => sample.Blocks.Total - sample.Blocks.Used, "free");
        // Pools come and go with configurations.
        families.Gauge("cgn_pool_port_blocks_used", "Port blocks given out, by pool.", "pool")
            .Named(static sample => sample.Pools.Select(static pool => (pool.Name, (double)pool.Used)));
        families.Gauge("cgn_pool_utilisation_ratio", "Part of a pool's port blocks that is given out, 0 to 1.", "pool")
            .Named(static sample => sample.Pools.Select(
                static pool => (pool.Name, (double)pool.Used / Math.Max(1, pool.Total))));
    }

    private static void Fragments(MetricFamilies<GatewaySample> families)
    {
        families.Counter("cgn_fragments_total", "Fragments seen, by version of IP.", "version")
            .Series(Sum(CounterId.FragmentsSeenIpv4), "4")
            .Series(Sum(CounterId.FragmentsSeenIpv6), "6");
        families.Counter("cgn_reassembled_total", "Softwire packets put together from fragments.")
            .Series(Sum(CounterId.Reassembled));
        families.Counter("cgn_reassembly_timeouts_total", "Packets whose fragments did not all come in time.")
            .Series(Sum(CounterId.ReassemblyTimeouts));
    }
}
