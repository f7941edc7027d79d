using System.Net;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>
/// What can be done, but is seldom meant: warnings for who asks whether a configuration is right. A start says nothing
/// of it.
/// </summary>
public static class ConfigAdvice
{
    /// <summary>Adds the warnings.</summary>
    /// <param name="options">A configuration in which no errors were found.</param>
    /// <param name="faults">Where to.</param>
    public static void Run(GatewayOptions options, FaultList faults)
    {
        Logging(options, faults);
        Limits(options, faults);
        NatPolicySection policy = options.NatPolicy;
        if (!policy.PortRandomization)
        {
            faults.Warn(
                policy.PlaceOf(nameof(policy.PortRandomization)),
                "nat-policy.port-randomization false: ports are easy to guess (RFC 6056); true would be better");
        }

        GatewaySection gateway = options.Gateway;
        if (gateway.Seed is not null)
        {
            faults.Warn(
                gateway.PlaceOf(nameof(gateway.Seed)),
                "gateway.seed is written down: who reads it can tell ports in advance; without it each start draws "
                + "one");
        }

        if (options.Metrics is { } metrics && metrics.IsWhole && !IsLocal(metrics.Listen.Host))
        {
            faults.Warn(
                metrics.PlaceOf(nameof(metrics.Listen)),
                $"metrics.listen {metrics.Listen}: metrics are served to whoever asks there; a loopback or management "
                + "address would be better");
        }
    }

    private static void Logging(GatewayOptions options, FaultList faults)
    {
        LoggingSection logging = options.Logging;
        bool isComputed = options.NatPolicy.PortAllocation == PortAllocationType.Deterministic;
        if (isComputed || logging is not { BlockLog: null, Store: null, Syslog: null, Ipfix: null })
            return;
        faults.Warn(
            logging.Place,
            "there is no logging.block-log, but subscribers get ports dynamically: nobody can tell later who had an "
            + "address and port (RFC 6888 REQ-12)");
    }

    private static void Limits(GatewayOptions options, FaultList faults)
    {
        foreach (PlanSection plan in options.Plans)
        {
            if (plan.ConnectionLimit == 0)
            {
                faults.Warn(
                    plan.Place,
                    $"plan {plan.Id} has no connection-limit: one subscriber can fill the table of sessions "
                    + "(RFC 6888 REQ-5)");
            }
        }
    }

    private static bool IsLocal(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && !IsAny(address));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
