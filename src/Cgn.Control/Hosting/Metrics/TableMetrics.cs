using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Counting;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>The families of the NAT's tables and pools.</summary>
internal static class TableMetrics
{
    private static readonly string[] s_protocols = ["udp", "tcp", "icmp", "other"];

    public static void Add(MetricFamilies<GatewaySample> families)
    {
        Table(families, "sessions", CounterId.SessionsCreatedUdp, CounterId.SessionsExpiredUdp);
        Table(families, "mappings", CounterId.MappingsCreatedUdp, CounterId.MappingsExpiredUdp);
        families.Gauge("cgn_mappings_held", "Mappings that have ended and whose ports are not given out yet.")
            .Series(CounterId.MappingsHeld);
        families.Gauge("cgn_subscribers", "Subscribers that the gateway has state for.")
            .Series(CounterId.Subscribers);
        families.Gauge("cgn_active_softwires", "B4s that the gateway has state for.")
            .Series(CounterId.Softwires);
        families.Counter(
            "cgn_address_mappings_created_total", "Subscribers that were given an external address: their first block.")
            .Series(CounterId.AddressMappingsCreated);
        families.Gauge("cgn_address_mappings", "Subscribers that have port blocks on an external address.")
            .Series(CounterId.AddressMappings);
        families.Gauge("cgn_capacity", "What fits, by kind of record.", "records")
            .Series(static sample => sample.View.Snapshot.Settings.SubscriberCapacity, "subscribers")
            .Series(static sample => sample.View.Snapshot.Settings.MappingCapacity, "mappings")
            .Series(static sample => sample.View.Snapshot.Settings.SessionCapacity, "sessions");
        Blocks(families);
    }

    // The four protocols follow each other in the counters, in the order of the labels.
    private static void Table(MetricFamilies<GatewaySample> families, string what, CounterId created, CounterId expired)
    {
        families.Counter($"cgn_{what}_created_total", $"New {what}, by protocol.", "protocol");
        for (int i = 0; i < s_protocols.Length; i++)
            families.Series(created + i, s_protocols[i]);
        families.Counter($"cgn_{what}_expired_total", $"Ended {what}, by protocol.", "protocol");
        for (int i = 0; i < s_protocols.Length; i++)
            families.Series(expired + i, s_protocols[i]);
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
            .Series(CounterId.BlocksAllocated);
        families.Counter("cgn_port_blocks_released_total", "Port blocks taken back.")
            .Series(CounterId.BlocksReleased);
        families.Counter("cgn_port_blocks_exhausted_total", "Times that no port block was free.")
            .Series(CounterId.BlocksExhausted);
        families.Gauge("cgn_port_blocks", "Port blocks, by state.", "state")
            .Series(static sample => sample.Blocks.Used, "used")
            .Series(static sample => sample.Blocks.Total - sample.Blocks.Used, "free");
        // Pools come and go with configurations.
        families.Gauge("cgn_pool_port_blocks_used", "Port blocks given out, by pool.", "pool")
            .Named(static sample => Pools(sample, static pool => pool.BlocksUsed));
        families.Gauge("cgn_pool_utilisation_ratio", "Part of a pool's port blocks that is given out, 0 to 1.", "pool")
            .Named(static sample => Pools(sample, static pool => pool.Utilisation));
        families.Gauge(
            "cgn_pool_addresses", "External addresses of a pool: allocated ones have port blocks given out.",
            "pool", "state")
            .Named(static sample => Pools(sample, static pool => pool.AddressesUsed), "allocated")
            .Named(static sample => Pools(sample, static pool => pool.Addresses - pool.AddressesUsed), "free");
        families.Gauge(
            "cgn_pool_ports",
            "Ports of a pool, of each protocol alike: allocated ones lie in port blocks that are given out.",
            "pool", "state")
            .Named(static sample => Pools(sample, static pool => pool.PortsUsed), "allocated")
            .Named(static sample => Pools(sample, static pool => pool.Ports - pool.PortsUsed), "free");
    }

    private static IEnumerable<(string Name, double Level)> Pools(
        GatewaySample sample, Func<PoolUse, double> level) =>
        sample.Blocks.Pools.Select(pool => (pool.Name, level(pool)));
}
