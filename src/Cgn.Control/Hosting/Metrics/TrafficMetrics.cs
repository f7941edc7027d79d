using Cgn.Contract.Counting;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>The families of what is carried.</summary>
internal static class TrafficMetrics
{
    public static void Add(MetricFamilies<GatewaySample> families)
    {
        families.Counter(
            "cgn_packets_total", "IPv4 packets carried, by direction and kind of access.", "direction", "access")
            .Series(CounterId.OutboundPacketsDsLite, "outbound", "ds-lite")
            .Series(CounterId.OutboundPacketsNat444, "outbound", "nat444")
            .Series(CounterId.InboundPacketsDsLite, "inbound", "ds-lite")
            .Series(CounterId.InboundPacketsNat444, "inbound", "nat444");
        families.Counter(
            "cgn_bytes_total", "Bytes of IPv4 carried, headers included, by direction and kind of access.",
            "direction", "access")
            .Series(CounterId.OutboundBytesDsLite, "outbound", "ds-lite")
            .Series(CounterId.OutboundBytesNat444, "outbound", "nat444")
            .Series(CounterId.InboundBytesDsLite, "inbound", "ds-lite")
            .Series(CounterId.InboundBytesNat444, "inbound", "nat444");
        families.Counter(
            "cgn_hairpin_packets_total", "Packets from subscriber to subscriber, counted in both directions too.")
            .Series(CounterId.HairpinPackets);
        families.Counter(
            "cgn_untranslated_packets_total", "Packets carried untranslated, counted as outbound or inbound too.")
            .Series(CounterId.UntranslatedPackets);
        families.Counter("cgn_frames_total", "Frames, by what became of them.", "outcome")
            .Series(CounterId.Received, "received")
            .Series(CounterId.Transmitted, "transmitted")
            .Series(CounterId.Originated, "originated")
            .Series(CounterId.Consumed, "consumed")
            .Series(CounterId.Dropped, "dropped")
            .Series(CounterId.Split, "split")
            .Series(CounterId.Merged, "merged");
        families.Gauge("cgn_frames_held", "Frames that wait: fragments for the rest, unadmitted SYNs for their time.")
            .Series(CounterId.Held);
        families.Counter(
            "cgn_translations_total",
            "Packets translated by a session, by protocol; ICMP errors are counted in cgn_icmp_errors_carried_total.",
            "protocol")
            .Series(CounterId.TranslatedUdp, "udp")
            .Series(CounterId.TranslatedTcp, "tcp")
            .Series(CounterId.TranslatedIcmp, "icmp")
            .Series(CounterId.TranslatedOther, "other");
        families.Counter("cgn_mss_clamped_total", "TCP SYNs whose maximum segment size was lowered.")
            .Series(CounterId.MssClamped);
        families.Counter("cgn_tcp_options_malformed_total", "TCP SYNs whose list of options is malformed.")
            .Series(CounterId.TcpOptionsMalformed);
        families.Counter(
            "cgn_ecn_anomalies_total",
            "Softwire packets whose inner and outer ECN fields should never meet (RFC 6040 section 4.2).")
            .Series(CounterId.EcnAnomalies);
        families.Counter(
            "cgn_identification_wraps_total",
            "Times that IPv4 identifications began anew within two minutes (RFC 6864): fragments may be confused.")
            .Series(CounterId.IdentificationWraps);
        families.Counter("cgn_gateway_rewrites_total", "Packets whose payload an application gateway has changed.")
            .Series(CounterId.GatewayRewrites);
        families.Counter("cgn_gateway_pinholes_total", "Endpoints that an application gateway has made reachable.")
            .Series(CounterId.GatewayPinholes);
        families.Counter("cgn_gateway_pinholes_refused_total", "Endpoints that it could not make reachable.")
            .Series(CounterId.GatewayPinholesRefused);
        families.Counter("cgn_gateway_unread_total", "Packets of gateways' sessions that they could not read.")
            .Series(CounterId.GatewayUnread);
        families.Counter(
            "cgn_garden_redirects_total", "Web requests from the walled garden that were redirected to the portal.")
            .Series(CounterId.GardenRedirects);
        families.Counter(
            "cgn_garden_suppressed_total",
            "TCP segments from the walled garden left unanswered, for the limit on answers.")
            .Series(CounterId.GardenSuppressed);
        families.Counter("cgn_policy_questions_total", "Questions for the policies of subscribers that are not served.")
            .Series(CounterId.PolicyQuestions);
        families.Counter("cgn_plans_set_total", "Subscribers that were given a plan, or refused, by command.")
            .Series(CounterId.PlansSet);
    }
}
