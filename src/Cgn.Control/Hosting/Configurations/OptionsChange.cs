using System.Collections.Generic;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>What the control plane's own services can't take over while they run.</summary>
internal static class OptionsChange
{
    /// <summary>A sentence for each key that differs; empty when the change is possible.</summary>
    public static IReadOnlyList<string> Obstacles(GatewayOptions now, GatewayOptions next)
    {
        List<string> found = [];
        Compare(found, "gateway.name", now.Gateway.Name, next.Gateway.Name);
        Compare(found, "gateway.state-directory", now.Gateway.StateDirectory, next.Gateway.StateDirectory);
        Compare(found, "logging.block-log", now.Logging.BlockLog, next.Logging.BlockLog);
        Compare(found, "logging.on-overflow", now.Logging.OnOverflow.ToString(), next.Logging.OnOverflow.ToString());
        Compare(found, "metrics.listen", now.Metrics?.Listen.ToString(), next.Metrics?.Listen.ToString());
        Compare(found, "dhcpv6", Is(now.Dhcpv6), Is(next.Dhcpv6));
        if (now.Dhcpv6 is { } was && next.Dhcpv6 is { } wanted)
        {
            Compare(found, "dhcpv6.device", was.Device, wanted.Device);
            Compare(found, "dhcpv6.aftr-name", was.AftrName.Name.ToString(), wanted.AftrName.Name.ToString());
            Compare(found, "dhcpv6.offer-priority", Is(was.OfferPriority), Is(wanted.OfferPriority));
        }

        foreach (string key in SectionDifference.Keys(now.Radius, next.Radius, "radius"))
            found.Add($"{key} can't change while the gateway runs; a restart takes it");
        return found;
    }

    private static string? Is(object? section) => section is null ? null : "some";

    private static string Is(bool value) => value ? "true" : "false";

    private static void Compare(List<string> found, string key, string? now, string? next)
    {
        if (now != next)
        {
            found.Add(
                $"{key} can't change while the gateway runs ({now ?? "none"} to {next ?? "none"}); a restart takes it");
        }
    }
}
