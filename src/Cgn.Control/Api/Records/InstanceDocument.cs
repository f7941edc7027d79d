using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Api.Records;

/// <summary>
/// The configuration in force by the names of RFC 8512 and RFC 8513, one instance in all: what a management system that
/// knows those models looks for. Times are in seconds.
/// </summary>
internal static class InstanceDocument
{
    /// <summary>Number of the one instance.</summary>
    public const int Id = 1;

    public static JsonObject Of(ReadMoment moment, GatewayOptions options)
    {
        ConfigSnapshot snapshot = moment.Snapshot;
        GatewaySettings s = snapshot.Settings;
        return new JsonObject
        {
            ["id"] = Id,
            ["name"] = snapshot.Name,
            ["enable"] = true,
            ["type"] = "napt44",
            ["per-interface-binding"] = snapshot.AftrAddresses.Length == 0 ? "disabled" : "dslite",
            ["nat-pass-through"] = List(snapshot.PassThrough, static (rule, number) => new JsonObject
            {
                ["id"] = number + 1,
                ["prefix"] = $"{ReadMoment.Address(rule.Destination.Address)}/{rule.Destination.Length}",
                ["port"] = rule.Port == 0 ? null : rule.Port,
            }),
            ["policy"] = Policy(snapshot, s, options),
            ["mapping-limits"] = InstanceLimitsDocument.Mappings(s),
            ["connection-limits"] = InstanceLimitsDocument.Connections(snapshot, s.Limits),
            ["notification-limits"] = InstanceLimitsDocument.Notifications(snapshot, options.Thresholds),
            ["ds-lite"] = snapshot.AftrAddresses.Length == 0 ? null : DsLite(snapshot, s),
        };
    }

    private static JsonObject Policy(ConfigSnapshot snapshot, GatewaySettings s, GatewayOptions options) => new()
    {
        ["id"] = Id,
        ["external-ip-address-pool"] = List(
            snapshot.Pools, (pool, number) => Pool(pool, number, options)),
        ["subscriber-mask-v6"] = s.SubscriberMaskV6,
        ["subscriber-match"] = new JsonArray(
        [
            .. snapshot.SoftwireSources.Select(static p => (JsonNode)Text(p)),
            .. snapshot.Nat444Sources.Select(static p => (JsonNode)Text(p)),
        ]),
        ["address-allocation-type"] = s.Paired ? "paired" : "arbitrary",
        ["port-allocation-type"] = s.PortPreservation ? "port-preservation"
            : s.PortParity ? "port-parity-preservation"
            : s.PortAllocation == PortAllocationType.Deterministic || s.PortsInOrder ? "port-range-allocation"
            : "random",
        ["mapping-type"] = State.RecordText.Of(s.MappingType),
        ["filtering-type"] = State.RecordText.Of(s.FilteringType),
        ["fragment-behavior"] = "out-of-order",
        ["fragments-limit"] = s.Limits.Fragments == 0 ? null : s.Limits.Fragments,
        ["port-quota"] = List(snapshot.Plans, Quota),
        ["timers"] = Timers(snapshot, s),
        ["algs"] = List(
            snapshot.GatewayPorts, (port, _) => new JsonObject
            {
                ["name"] = port.Gateway.ToString().ToLowerInvariant(),
                ["transport-protocol"] = port.Protocol,
                ["dst-transport-ports"] = port.Port,
                ["status"] = Array.Exists(snapshot.Plans, plan => (plan.Gateways & port.Gateway) != 0),
            }),
        ["all-algs-enable"] = snapshot.Plans.Length != 0
            && Array.TrueForAll(snapshot.Plans, static plan => plan.Gateways == AllGateways),
        ["notify-pool-usage"] = InstanceLimitsDocument.Pool(
            0, options.Thresholds.PortSets, options.Thresholds.NotifyInterval),
    };

    private static JsonObject Pool(PoolSettings pool, int number, GatewayOptions options) => new()
    {
        ["pool-id"] = number + 1,
        ["name"] = pool.Name,
        ["external-ip-pool"] = new JsonArray([.. pool.Prefixes.Select(static p => (JsonNode)Text(p))]),
        ["port-set-restrict"] = new JsonObject
        {
            ["start-port-number"] = pool.FirstPort,
            ["end-port-number"] = pool.LastPort,
        },
        ["port-set"] = new JsonObject
        {
            ["port-set-size"] = pool.PortSetSize,
            ["port-set-timeout"] = Seconds(pool.PortSetTimeout),
        },
        ["hold-down-max"] = pool.HoldDownMax == 0 ? null : pool.HoldDownMax,
        ["notify-pool-usage"] = options.Pools.FirstOrDefault(one => one.Id == pool.Name)?.NotifyUsage is { } usage
            ? InstanceLimitsDocument.Pool(usage.LowThreshold, usage.HighThreshold, usage.NotifyInterval)
            : null,
    };

    // RFC 8512: one entry for all protocols (quota-type all), and one for each that has a limit of its own.
    private static JsonObject Quota(PlanSettings plan, int number)
    {
        var quotas = new JsonArray();
        Add("all", plan.PortLimit);
        Add("tcp", plan.PortQuotaTcp);
        Add("udp", plan.PortQuotaUdp);
        Add("icmp", plan.PortQuotaIcmp);
        Add("other", plan.PortQuotaOther);
        return new JsonObject { ["plan"] = plan.Name, ["port-quota"] = quotas };

        void Add(string type, uint limit)
        {
            if (limit != 0)
                quotas.Add((JsonNode)new JsonObject { ["quota-type"] = type, ["port-limit"] = limit });
        }
    }

    private static JsonObject Timers(ConfigSnapshot snapshot, GatewaySettings s) => new()
    {
        ["udp-timeout"] = Seconds(s.UdpTimeout),
        ["tcp-idle-timeout"] = Seconds(s.TcpIdleTimeout),
        ["tcp-trans-open-timeout"] = Seconds(s.TcpTransOpenTimeout),
        ["tcp-trans-close-timeout"] = Seconds(s.TcpTransCloseTimeout),
        ["tcp-in-syn-timeout"] = Seconds(s.TcpInSynTimeout),
        ["fragment-min-timeout"] = Seconds(s.FragmentTimeout),
        ["icmp-timeout"] = Seconds(s.IcmpTimeout),
        ["per-port-timeout"] = List(snapshot.UdpPortTimeouts, static (entry, _) => new JsonObject
        {
            ["port-number"] = entry.Port,
            ["protocol"] = (int)Wire.IpProtocol.Udp,
            ["timeout"] = Seconds(entry.Ticks),
        }),
        ["hold-down-timeout"] = Seconds(s.HoldDownTimeout),
    };

    private static JsonObject DsLite(ConfigSnapshot snapshot, GatewaySettings s) => new()
    {
        ["ipv6-address"] = new JsonArray(
            [.. snapshot.AftrAddresses.Select(static a => (JsonNode)new Wire.Ipv6Address(a.High, a.Low).ToString())]),
        ["ipv4-address"] = s.InsideAddress == 0 ? "192.0.0.1" : ReadMoment.Address(s.InsideAddress),
        ["tunnel-mtu"] = s.TunnelMtu,
        ["v6-v4-dscp-preservation"] = s.TrafficClass < 0,
        ["max-softwires-per-subscriber"] = 1,
        ["state-migrate"] = true,
        ["b4-address-change-limit"] = Seconds(s.B4ChangeLimit),
        ["mss-clamping"] = new JsonObject
        {
            ["enable"] = s.MssClamp != 0,
            ["mss-value"] = s.MssClamp > 0 ? s.MssClamp : null,
        },
    };

    private const ApplicationGateways AllGateways = ApplicationGateways.Ftp | ApplicationGateways.Sip
        | ApplicationGateways.Rtsp | ApplicationGateways.Pptp | ApplicationGateways.Tftp;

    private static JsonArray List<T>(IReadOnlyList<T> items, Func<T, int, JsonObject> make) =>
        new([.. items.Select((item, number) => (JsonNode)make(item, number))]);

    private static JsonValue Seconds(uint ticks) => ticks % Tick.PerSecond == 0
        ? JsonValue.Create(ticks / Tick.PerSecond)
        : JsonValue.Create(ticks / (double)Tick.PerSecond);

    private static string Text(Ipv4PrefixSetting p) => $"{ReadMoment.Address(p.Address)}/{p.Length}";

    private static string Text(Ipv6PrefixSetting p) => $"{new Wire.Ipv6Address(p.High, p.Low)}/{p.Length}";
}
