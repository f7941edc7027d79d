using Cgn.Contract.Counting;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>The families of packets in pieces.</summary>
internal static class FragmentMetrics
{
    public static void Add(MetricFamilies<GatewaySample> families)
    {
        families.Counter("cgn_fragments_total", "Fragments seen, by version of IP.", "version")
            .Series(CounterId.FragmentsSeenIpv4, "4")
            .Series(CounterId.FragmentsSeenIpv6, "6");
        families.Counter(
            "cgn_fragments_made_total",
            "Fragments that the gateway made, by version of IP, the first of each packet included: 6 of softwire "
            + "packets, 4 of IPv4 packets.", "version")
            .Series(CounterId.Ipv4FragmentsSent, "4")
            .Series(CounterId.OuterFragmentsSent, "6");
        families.Counter("cgn_reassembled_total", "Softwire packets put together from fragments.")
            .Series(CounterId.Reassembled);
        families.Counter(
            "cgn_reassembly_failures_total", "Softwire packets given up before they were whole, by cause.", "cause")
            .Series(CounterId.ReassemblyTimeouts, "timeout")
            .Series(CounterId.ReassemblyOverlaps, "overlap")
            .Series(CounterId.ReassemblyLimits, "limit")
            .Series(CounterId.ReassemblyTooLong, "too_long");
        families.Gauge(
            "cgn_reassemblies",
            "Softwire packets in pieces, those remembered only to refuse the rest of them included.")
            .Series(CounterId.Reassemblies);
        families.Gauge("cgn_fragments_waiting", "IPv4 fragments that wait for the ports of their first.")
            .Series(CounterId.FragmentsWaiting);
    }
}
