using System;

using Cgn.Contract.Events;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;

using Prometheus;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>The families of the control plane itself: what it has recorded, and the forwarder as a process.</summary>
internal static class ControlMetrics
{
    private static readonly (EventKind Kind, string Name)[] s_kinds =
    [
        (EventKind.BlockAllocated, "block_allocated"), (EventKind.BlockReleased, "block_released"),
        (EventKind.SessionOpened, "session_opened"), (EventKind.SessionClosed, "session_closed"),
        (EventKind.LimitHit, "limit_hit"), (EventKind.SubscriberSeen, "subscriber_seen"),
        (EventKind.SubscriberGone, "subscriber_gone"), (EventKind.ThresholdCrossed, "threshold_crossed"),
        (EventKind.BlockHeld, "block_held"), (EventKind.PolicyWanted, "policy_wanted"),
        (EventKind.ThresholdLow, "threshold_low"),
    ];

    private static readonly (WatchedResource Resource, string Name)[] s_wholes =
    [
        (WatchedResource.Softwires, "softwires"), (WatchedResource.Addresses, "addresses"),
        (WatchedResource.Ports, "ports"), (WatchedResource.PoolPorts, "pool_ports"),
        (WatchedResource.AddressPorts, "address_ports"),
    ];

    public static MetricFamilies<EventPump> Create(
        MetricFactory factory, EventPump pump, ForwarderStatistics statistics)
    {
        var families = new MetricFamilies<EventPump>(factory);
        families.Counter("cgn_events_total", "Events taken from the forwarder, by kind.", "kind");
        foreach ((EventKind kind, string name) in s_kinds)
            families.Series(source => source.Taken[(byte)kind], name);
        // The rest of the family that the forwarder's counters are in.
        families.Counter(GatewayMetrics.ThresholdFamily, GatewayMetrics.ThresholdHelp, "resource");
        foreach ((WatchedResource resource, string name) in s_wholes)
            families.Series(source => source.Crossed[(byte)resource], name);
        families.Counter("cgn_log_records_written_total", "Log records written, by sink.", "sink");
        foreach ((string sink, SinkStatistics done) in pump.Statistics)
            families.Series(_ => done.Written, sink);
        families.Counter("cgn_log_records_lost_total", "Log records that could not be written, by sink.", "sink");
        foreach ((string sink, SinkStatistics done) in pump.Statistics)
            families.Series(_ => done.Lost, sink);
        families.Gauge(
            "cgn_log_sink_writable", "The last attempt to write to a sink succeeded: 1, else 0.", "sink");
        foreach ((string sink, SinkStatistics done) in pump.Statistics)
            families.Series(_ => done.CanWrite ? 1 : 0, sink);
        families.Counter("cgn_process_restarts_total", "Times that a process died and was started again.", "process")
            .Series(_ => statistics.Restarts, "forwarder")
            .Series(_ => statistics.ControlRestarts, "control");
        families.Gauge("cgn_forwarder_up", "A forwarder is there and forwards: 1, else 0.")
            .Series(_ => statistics.IsReady ? 1 : 0);
        Process(families);
        return families;
    }

    private static void Process(MetricFamilies<EventPump> families)
    {
        string version = typeof(ControlMetrics).Assembly.GetName().Version?.ToString() ?? "";
        families.Gauge("cgn_build_info", "Always 1; the labels say what runs.", "version", "dotnet")
            .Series(static _ => 1, version, Environment.Version.ToString());
        DateTimeOffset started = System.Diagnostics.Process.GetCurrentProcess().StartTime.ToUniversalTime();
        double startedSeconds = started.ToUnixTimeMilliseconds() / 1e3;
        families.Gauge(
            "cgn_control_start_time_seconds", "When the control plane started, in seconds since 1970.")
            .Series(_ => startedSeconds);
        families.Gauge("cgn_control_memory_bytes", "Memory that the control plane has of the system.")
            .Series(static _ => Environment.WorkingSet);
        families.Counter(
            "cgn_control_collections_total", "Garbage collections of the control plane, by generation.", "generation")
            .Series(static _ => GC.CollectionCount(0) - GC.CollectionCount(1), "0")
            .Series(static _ => GC.CollectionCount(1) - GC.CollectionCount(2), "1")
            .Series(static _ => GC.CollectionCount(2), "2");
    }
}
