using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;

using Prometheus;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>
/// The families that come from the forwarder's counters. Series of all labels are there from the start, with zero, so
/// that rates and alerts work from the first event on.
/// </summary>
internal static class GatewayMetrics
{
    /// <summary>How often thresholds were crossed, by resource.</summary>
    public const string ThresholdFamily = "cgn_thresholds_crossed_total";

    /// <summary>What it says of itself.</summary>
    public const string ThresholdHelp = "Times that a resource was used beyond its threshold.";

    private const double MsPerSecond = 1e3;

    /// <summary>Makes all families for a gateway.</summary>
    public static MetricFamilies<GatewaySample> Create(MetricFactory factory, ConfigSnapshot snapshot)
    {
        var families = new MetricFamilies<GatewaySample>(factory);
        Process(families);
        TrafficMetrics.Add(families);
        InterfaceMetrics.Add(families);
        Drops(families);
        TableMetrics.Add(families);
        FragmentMetrics.Add(families);
        MessageMetrics.Add(families);
        Thresholds(families);
        WorkerMetrics.Add(families, snapshot.Settings.ShardCount);
        return families;
    }

    private static void Process(MetricFamilies<GatewaySample> families)
    {
        families.Gauge(
            "cgn_forwarder_heartbeat_age_seconds", "Time since the forwarder's last sign of life.")
            .Series(static sample => sample.HeartbeatAgeSeconds);
        families.Gauge(
            "cgn_forwarder_start_time_seconds", "When the forwarder started, in seconds since 1970.")
            .Series(static sample => sample.View.Status.StartedUnixMs / MsPerSecond);
        families.Gauge(
            "cgn_discontinuity_time_seconds",
            "When the gateway's counters last began from zero, in seconds since 1970; a forwarder that goes on with "
            + "the state of an earlier one goes on counting.")
            .Series(static sample => sample.View.Status.CountersSinceUnixMs / MsPerSecond);
        families.Gauge("cgn_configuration_generation", "Generation of the configuration that the forwarder follows.")
            .Series(static sample => sample.View.Status.Generation);
        families.Gauge(
            "cgn_configuration_refused", "The forwarder could not take the last configuration while it ran: 1, else 0.")
            .Series(static sample => sample.View.Status.RefusedGeneration > sample.View.Status.Generation ? 1 : 0);
        families.Gauge("cgn_forwarder_ready", "The forwarder says that it forwards: 1, else 0.")
            .Series(static sample => sample.View.Status.State == ForwarderState.Ready ? 1 : 0);
    }

    private static void Drops(MetricFamilies<GatewaySample> families)
    {
        families.Counter("cgn_drops_total", "Packets dropped, by reason.", "reason");
        foreach (DropReason reason in DropReasonText.All)
            families.Series(sample => sample.Drops(reason), DropReasonText.Name(reason));
        families.Counter(
            "cgn_dropped_bytes_total",
            "Bytes of dropped frames from the Ethernet header on; outer fragments that were given up are not in it.")
            .Series(CounterId.DroppedBytes);
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
            .Series(CounterId.ThresholdsSubscribers, "subscribers")
            .Series(CounterId.ThresholdsMappings, "mappings")
            .Series(CounterId.ThresholdsSessions, "sessions")
            .Series(CounterId.ThresholdsPortBlocks, "port_blocks")
            .Series(CounterId.ThresholdsReassembly, "reassembly")
            .Series(CounterId.ThresholdsFragments, "fragments")
            .Series(CounterId.ThresholdsSubscriberPorts, "subscriber_ports")
            .Series(CounterId.ThresholdsSubscriberSessions, "subscriber_sessions");
    }
}
