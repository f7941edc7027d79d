using System;

using Cgn.Contract.Counting;
using Cgn.Wire;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>The families of what the gateway itself says and is told: ICMP, ICMPv6, PCP.</summary>
internal static class MessageMetrics
{
    private const string Other = "other";

    public static void Add(MetricFamilies<GatewaySample> families)
    {
        families.Counter(
            "cgn_icmp_originated_total",
            "ICMP messages of the gateway's own, by version of IP and kind; fragments of a reply each.",
            "version", "kind")
            .Series(CounterId.IcmpErrorsSent, "4", "error")
            .Series(CounterId.Icmpv6ErrorsSent, "6", "error")
            .Series(CounterId.IcmpRepliesSent, "4", "reply")
            .Series(CounterId.Icmpv6RepliesSent, "6", "reply");
        families.Counter(
            "cgn_icmp_suppressed_total", "ICMP errors and replies that were not sent, for the limit on them.")
            .Series(CounterId.IcmpSuppressed);
        families.Counter("cgn_icmp_errors_carried_total", "ICMP errors carried, in either direction.")
            .Series(CounterId.IcmpErrorsCarried);
        families.Counter(
            "cgn_softwire_errors_relayed_total",
            "ICMPv6 errors about softwire packets that became ICMP errors to the senders of what was in them.")
            .Series(CounterId.SoftwireErrorsRelayed);
        families.Counter(
            "cgn_packet_too_big_sent_total", "ICMP errors of the gateway's own that said: fragmentation needed.")
            .Series(CounterId.TooBigSent);
        families.Counter(
            "cgn_packet_too_big_received_total",
            "Packet too big, by version of IP: 4 was carried to whom it concerns, 6 was about a softwire packet and "
            + "was believed.", "version")
            .Series(CounterId.TooBigCarried, "4")
            .Series(CounterId.TooBigReceived, "6");
        families.Counter("cgn_path_mtu_lowered_total", "Times that the path MTU towards a B4 was lowered.")
            .Series(CounterId.PathMtuLowered);
        families.Counter(
            "cgn_tcp_segments_originated_total", "TCP segments of the gateway's own: resets and keep-alive probes.")
            .Series(CounterId.TcpSegmentsSent);
        Pcp(families);
    }

    private static void Pcp(MetricFamilies<GatewaySample> families)
    {
        families.Counter(
            "cgn_pcp_requests_total", "PCP requests answered, by opcode and result (RFC 6887).", "opcode", "result");
        for (int opcode = 0; opcode < CounterBlock.PcpOpcodes; opcode++)
        {
            string name = Name((PcpOpcode)opcode);
            foreach (PcpResult result in Enum.GetValues<PcpResult>())
                Series(families, opcode, (int)result, name, Snake(result.ToString()));
        }
    }

    private static void Series(
        MetricFamilies<GatewaySample> families, int opcode, int result, string opcodeName, string resultName) =>
        families.Series(
            sample =>
            {
                long sum = 0;
                for (int shard = 0; shard < sample.View.Shards.Length; shard++)
                    sum += sample.View.Counters(shard).Pcp(opcode, result);
                return sum;
            },
            opcodeName, resultName);

    private static string Name(PcpOpcode opcode) => Enum.IsDefined(opcode) ? Snake(opcode.ToString()) : Other;

    private static string Snake(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
