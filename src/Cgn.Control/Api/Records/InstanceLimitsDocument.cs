using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Wire;

namespace Cgn.Control.Api.Records;

/// <summary>The limits and notifications of an instance by the names of RFC 8512; times are in seconds.</summary>
internal static class InstanceLimitsDocument
{
    /// <summary>RFC 8512 mapping-limits: what the configuration says, or what there is room for.</summary>
    public static JsonObject Mappings(GatewaySettings s) => new()
    {
        ["limit-subscribers"] = Lower(s.Limits.Subscribers, s.SubscriberCapacity),
        ["limit-address-mappings"] = Lower(s.Limits.Subscribers, s.SubscriberCapacity),
        ["limit-port-mappings"] = Lower(s.Limits.Mappings, s.MappingCapacity),
        ["limit-per-protocol"] = PerProtocol(
            s.Limits.MappingsTcp, s.Limits.MappingsUdp, s.Limits.MappingsIcmp, s.Limits.MappingsOther),
        ["limit-sessions"] = s.SessionCapacity,
    };

    /// <summary>RFC 8512 connection-limits: new sessions a second; those of a subscriber by its plan.</summary>
    public static JsonObject Connections(ConfigSnapshot snapshot, InstanceLimits limits) => new()
    {
        ["limit-per-subscriber"] = new JsonArray(
        [
            .. snapshot.Plans.Select(static plan => (JsonNode)new JsonObject
            {
                ["plan"] = plan.Name,
                ["limit"] = Given(plan.ConnectionRateLimit),
                ["sessions"] = Given(plan.ConnectionLimit),
            }),
        ]),
        ["limit-per-instance"] = Given(limits.SetupRate),
        ["limit-per-protocol"] = PerProtocol(
            limits.SetupRateTcp, limits.SetupRateUdp, limits.SetupRateIcmp, limits.SetupRateOther),
    };

    /// <summary>
    /// RFC 8512 notification-limits, in percent where no number of subscribers is asked for, and what else is told.
    /// </summary>
    public static JsonObject Notifications(ConfigSnapshot snapshot, ThresholdsSection t) => new()
    {
        ["notify-interval"] = Seconds(t.InstanceNotifyInterval),
        ["notify-subscribers-limit"] = t.Subscribers == 0
            ? null
            : (long)snapshot.Settings.SubscriberCapacity * t.Subscribers / 100,
        ["notify-addresses-usage"] = Given(t.Addresses),
        ["notify-ports-usage"] = Given(t.Ports),
        ["notify-softwires-usage"] = Given(t.Softwires),
        ["notify-address-ports-usage"] = Given(t.AddressPorts),
        ["notify-mappings-usage"] = Given(t.Mappings),
        ["notify-sessions-usage"] = Given(t.Sessions),
        ["notify-reassembly-usage"] = Given(t.Reassembly),
        ["notify-fragments-usage"] = Given(t.Fragments),
        ["worker-notify-interval"] = Seconds(t.NotifyInterval),
        ["subscriber-notify-interval"] = Seconds(t.SubscriberNotifyInterval),
        ["subscriber-thresholds"] = new JsonArray(
        [
            .. snapshot.Plans.Select(static plan => (JsonNode)new JsonObject
            {
                ["plan"] = plan.Name,
                ["port-threshold"] = Given(plan.PortThreshold),
                ["connection-threshold"] = Given(plan.SessionThreshold),
            }),
        ]),
    };

    /// <summary>RFC 8512 notify-pool-usage of one pool, or of each pool's share of a worker.</summary>
    public static JsonObject Pool(int low, int high, Duration interval) => new()
    {
        ["low-threshold"] = Given(low),
        ["high-threshold"] = Given(high),
        ["notify-interval"] = Seconds(interval),
    };

    private static JsonArray PerProtocol(uint tcp, uint udp, uint icmp, uint other)
    {
        (string Name, IpProtocol? Number, uint Limit)[] all =
        [
            ("tcp", IpProtocol.Tcp, tcp), ("udp", IpProtocol.Udp, udp), ("icmp", IpProtocol.Icmp, icmp),
            ("other", null, other),
        ];
        return new JsonArray(
        [
            .. all.Where(static one => one.Limit != 0).Select(static one => (JsonNode)new JsonObject
            {
                ["protocol"] = one.Name,
                ["protocol-id"] = (int?)one.Number,
                ["limit"] = one.Limit,
            }),
        ]);
    }

    private static uint Lower(uint limit, uint capacity) => limit == 0 ? capacity : Math.Min(limit, capacity);

    private static JsonNode? Given(uint limit) => limit == 0 ? null : limit;

    private static JsonNode? Given(int limit) => limit == 0 ? null : limit;

    private static JsonNode Seconds(Duration time) => time.Span.TotalSeconds;
}
